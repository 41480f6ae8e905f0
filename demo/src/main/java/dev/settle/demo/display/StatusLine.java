package dev.settle.demo.display;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Formats the live line. Numbers keep their width while they grow, so that the line does not jump;
 * what does not fit is left out.
 */
final class StatusLine {

  private static final int BAR = 20;
  private static final String GAP = "  ";

  private StatusLine() {}

  /** The line, of at most {@code columns} characters, the most important first. */
  static String format(Figures f, int columns) {
    List<String> parts = new ArrayList<>();
    parts.add(progress(f.elapsed(), f.runFor()));
    parts.add(String.format(Locale.ROOT, "accepted %,9d", f.accepted()));
    parts.add(String.format(Locale.ROOT, "posted %,9d", f.posted()));
    parts.add(String.format(Locale.ROOT, "unposted %,7d", f.unposted()));
    parts.add(String.format(Locale.ROOT, "%,6d/s", f.perSecond()));
    parts.add("accept p50 " + millis(f.acceptP50Micros()) + " p99 " + millis(f.acceptP99Micros()));
    Long posted = f.postedMillis();
    parts.add(
        "posted in " + (posted == null ? "     -" : String.format(Locale.ROOT, "%,4dms", posted)));
    parts.add(String.format(Locale.ROOT, "held %,6d", f.held()));
    parts.add(String.format(Locale.ROOT, "new cards %,5d", f.cardChanges()));
    return fitting(parts, columns);
  }

  private static String fitting(List<String> parts, int columns) {
    StringBuilder line = new StringBuilder(parts.get(0));
    for (String part : parts.subList(1, parts.size())) {
      if (line.length() + GAP.length() + part.length() > columns) {
        break;
      }
      line.append(GAP).append(part);
    }
    line.setLength(Math.min(line.length(), columns));
    return line.toString();
  }

  private static String progress(Duration elapsed, @Nullable Duration runFor) {
    if (runFor == null) {
      return clock(elapsed);
    }
    long total = Math.max(1, runFor.toMillis());
    int done = (int) Math.min(BAR, BAR * elapsed.toMillis() / total);
    return "["
        + "#".repeat(done)
        + ".".repeat(BAR - done)
        + "] "
        + clock(elapsed)
        + "/"
        + clock(runFor);
  }

  static String clock(Duration time) {
    String minutesAndSeconds =
        String.format(Locale.ROOT, "%02d:%02d", time.toMinutesPart(), time.toSecondsPart());
    return time.toHours() == 0 ? minutesAndSeconds : time.toHours() + ":" + minutesAndSeconds;
  }

  /** Six characters up to 999 ms. */
  static String millis(long micros) {
    if (micros < 100_000) {
      return String.format(Locale.ROOT, "%4.1fms", micros / 1_000.0);
    }
    return String.format(Locale.ROOT, "%,4dms", micros / 1_000);
  }
}
