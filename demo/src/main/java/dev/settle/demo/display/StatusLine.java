package dev.settle.demo.display;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Formats the live line. Numbers keep their width while they grow, so that the line does not jump;
 * what does not fit is left out whole, the least important first. Names are faint and what somebody
 * may want to look at is coloured, where there are colours.
 */
final class StatusLine {

  private static final int BAR = 20;
  private static final String GAP = "  ";

  /** More unposted than so many seconds' sales are worth a look. */
  private static final long BEHIND_SECONDS = 5;

  /**
   * A part of the line.
   *
   * @param columns that it takes, whatever its colours
   */
  private record Part(String text, int columns) {

    static Part of(Ink ink, String name, String value, @Nullable Palette as) {
      String shown = as == null ? value : ink.paint(as, value);
      String text = name.isEmpty() ? shown : ink.paint(Palette.FAINT, name) + " " + shown;
      return new Part(text, (name.isEmpty() ? 0 : name.length() + 1) + value.length());
    }
  }

  private StatusLine() {}

  /** The line, of at most {@code columns} characters, the most important first. */
  static String format(Figures f, int columns, Ink ink) {
    Part progress = progress(f.elapsed(), f.runFor(), ink);
    if (progress.columns() > columns) {
      String bare = progress(f.elapsed(), f.runFor(), Ink.PLAIN).text();
      return bare.substring(0, columns);
    }
    return fitting(progress, parts(f, ink), columns);
  }

  private static List<Part> parts(Figures f, Ink ink) {
    boolean behind = f.unposted() > Math.max(100, BEHIND_SECONDS * f.perSecond());
    List<Part> parts = new ArrayList<>();
    parts.add(Part.of(ink, "accepted", number("%,9d", f.accepted()), Palette.STRONG));
    parts.add(Part.of(ink, "posted", number("%,9d", f.posted()), Palette.STRONG));
    parts.add(Part.of(ink, "unposted", number("%,7d", f.unposted()), behind ? Palette.LOOK : null));
    parts.add(Part.of(ink, "", number("%,6d/s", f.perSecond()), null));
    parts.add(
        Part.of(
            ink,
            "accept",
            "p50 " + millis(f.acceptP50Micros()) + " p99 " + millis(f.acceptP99Micros()),
            null));
    Long posted = f.postedMillis();
    parts.add(
        Part.of(ink, "posted in", posted == null ? "     -" : number("%,4dms", posted), null));
    parts.add(Part.of(ink, "held", number("%,6d", f.held()), f.held() > 0 ? Palette.LOOK : null));
    parts.add(Part.of(ink, "new cards", number("%,5d", f.cardChanges()), null));
    return parts;
  }

  private static String fitting(Part first, List<Part> parts, int columns) {
    StringBuilder line = new StringBuilder(first.text());
    long taken = first.columns();
    for (Part part : parts) {
      taken += GAP.length() + part.columns();
      if (taken > columns) {
        break;
      }
      line.append(GAP).append(part.text());
    }
    return line.toString();
  }

  private static Part progress(Duration elapsed, @Nullable Duration runFor, Ink ink) {
    if (runFor == null) {
      return Part.of(ink, "", clock(elapsed), null);
    }
    long total = Math.max(1, runFor.toMillis());
    int done = (int) Math.min(BAR, BAR * elapsed.toMillis() / total);
    String times = " " + clock(elapsed) + "/" + clock(runFor);
    return new Part(ink.bar(done, BAR) + times, BAR + 2 + times.length());
  }

  private static String number(String format, long value) {
    return String.format(Locale.ROOT, format, value);
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
