package dev.settle.demo.story;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The file of the stories of all runs on a data directory: which merchants a killed run left in the
 * middle of one, and how often each has applied lately. One line for each beginning and end; a torn
 * last line counts for nothing. Safe for several threads; blocking.
 */
final class StoryJournal {

  private static final Duration DAY = Duration.ofHours(24);
  private static final int FIELDS = 4;

  private final Path file;
  private final Clock clock;
  private final Set<Integer> open = new TreeSet<>();
  private final Map<Integer, Integer> applications = new HashMap<>();

  private StoryJournal(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Opens the journal, which need not be there yet. */
  static StoryJournal open(Path file, Clock clock) throws IOException {
    StoryJournal journal = new StoryJournal(file, clock);
    if (Files.exists(file)) {
      String text = Files.readString(file);
      int whole = text.lastIndexOf('\n') + 1;
      text.substring(0, whole).lines().forEach(journal::recall);
      if (whole < text.length()) {
        Files.writeString(file, text.substring(0, whole));
      }
    }
    return journal;
  }

  private void recall(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException(file + " holds a line that is none: " + line);
    }
    int merchant = Integer.parseInt(fields[2]);
    if (!fields[1].equals("BEGIN")) {
      open.remove(merchant);
      return;
    }
    open.add(merchant);
    if (Instant.parse(fields[0]).isAfter(clock.instant().minus(DAY))) {
      applications.merge(merchant, StoryKind.valueOf(fields[3]).applications(), Integer::sum);
    }
  }

  /** Merchants whose story has begun and not ended, as of the opening. */
  Set<Integer> leftOpen() {
    return Set.copyOf(open);
  }

  /** Applications of the last 24 hours by merchant, as of the opening. */
  Map<Integer, Integer> applications() {
    return Map.copyOf(applications);
  }

  /** Notes a story before its first call. */
  void begin(StoryOrder order) throws IOException {
    write("BEGIN", order.merchant(), order.kind().name());
  }

  /** Notes that the merchant is as a story has to leave him. */
  void end(int merchant) throws IOException {
    write("END", merchant, "");
  }

  private synchronized void write(String what, int merchant, String kind) throws IOException {
    Files.writeString(
        file,
        clock.instant() + "," + what + "," + merchant + "," + kind + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
