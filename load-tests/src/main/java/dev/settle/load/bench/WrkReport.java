package dev.settle.load.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code wrk --latency} prints at its end.
 *
 * @param answers 2xx answers in all
 * @param perSecond the same for each second
 * @param p99 99 of 100 were answered within, as wrk writes it
 */
record WrkReport(long answers, double perSecond, String p99) {

  private static final Pattern ANSWERS = Pattern.compile("(\\d+) requests in ");
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+(\\S+)");
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
        find(P99, printed));
  }

  private static String find(Pattern pattern, String printed) throws RefusedSlice {
    Matcher matcher = pattern.matcher(printed);
    if (!matcher.find()) {
      throw new RefusedSlice("wrk's report has no " + pattern.pattern());
    }
    return matcher.group(1);
  }
}
