package dev.settle.demo.story;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many stories were played to their end, and what became of the others. Thread-safe. */
public final class StoryCounts {

  private final Map<StoryKind, Long> played = new EnumMap<>(StoryKind.class);
  private final List<String> failed = new ArrayList<>();

  synchronized void played(StoryKind kind) {
    played.merge(kind, 1L, Long::sum);
  }

  synchronized void failed(String what) {
    failed.add(what);
  }

  synchronized int failures() {
    return failed.size();
  }

  /** Stories played to their end, by {@link StoryKind#text()}; every kind is there. */
  public synchronized SortedMap<String, Long> byKind() {
    SortedMap<String, Long> counts = new TreeMap<>();
    for (StoryKind kind : StoryKind.values()) {
      counts.put(kind.text(), played.getOrDefault(kind, 0L));
    }
    return counts;
  }

  /** One line for each story that was not; never more than the director puts up with. */
  public synchronized List<String> failed() {
    return List.copyOf(failed);
  }
}
