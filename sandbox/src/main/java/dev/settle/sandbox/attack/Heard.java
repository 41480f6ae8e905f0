package dev.settle.sandbox.attack;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a server said to an attack, counted: statuses, {@code GOAWAY}, {@code closed}. Thread-safe.
 */
public final class Heard {

  private final Map<String, Long> counts = new TreeMap<>();

  synchronized void add(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  /** How often it said so. */
  public synchronized long count(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** Connections that it has ended, in whatever way. */
  public long cutOff() {
    return count("closed") + count("reset") + count("GOAWAY");
  }

  /** Everything, in one line. */
  public synchronized String text() {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (what, count) ->
            text.append(text.isEmpty() ? "" : ", ").append(count).append(" × ").append(what));
    return text.isEmpty() ? "nothing" : text.toString();
  }
}
