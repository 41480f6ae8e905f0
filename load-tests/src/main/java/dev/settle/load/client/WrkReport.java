package dev.settle.load.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code wrk --latency} prints at its end.
 *
 * @param answers 2xx answers in all
 * @param perSecond the same for each second
 * @param p50Millis half were answered within, in milliseconds
 * @param p99Millis 99 of 100 were answered within
 */
public record WrkReport(long answers, double perSecond, double p50Millis, double p99Millis) {

  private static final Pattern ANSWERS = Pattern.compile("(\\d+) requests in ");
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
  private static final Pattern P50 = Pattern.compile("50%\\s+([\\d.]+(?:us|ms|s|m))");
  private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+(?:us|ms|s|m))");
  private static final Pattern BAD =
      Pattern.compile("(Non-2xx or 3xx responses:.*|Socket errors:.*)");

  /** Refuses a report with errors. */
  static WrkReport parse(String printed) throws RefusedSlice {
    Matcher bad = BAD.matcher(printed);
    if (bad.find()) {
      throw new RefusedSlice("wrk says: " + bad.group(1).strip());
    }
    return new WrkReport(
        Long.parseLong(find(ANSWERS, printed)),
        Double.parseDouble(find(RATE, printed)),
        millis(find(P50, printed)),
        millis(find(P99, printed)));
  }

  private static double millis(String time) {
    String unit = time.replaceAll("[\\d.]", "");
    double number = Double.parseDouble(time.substring(0, time.length() - unit.length()));
    return number
        * switch (unit) {
          case "us" -> 0.001;
          case "ms" -> 1;
          case "s" -> 1_000;
          default -> 60_000;
        };
  }

  private static String find(Pattern pattern, String printed) throws RefusedSlice {
    Matcher matcher = pattern.matcher(printed);
    if (!matcher.find()) {
      throw new RefusedSlice("wrk's report has no " + pattern.pattern());
    }
    return matcher.group(1);
  }
}
