package dev.settle.demo.display;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The summary for people: money first, then what happened, how fast it was, and whether every
 * promise was kept. Columns are the same from top to bottom.
 */
public final class SummaryText {

  private SummaryText() {}

  /** Prints the summary. */
  public static void print(Summary s, Screen screen) {
    screen.say("");
    screen.say(screen.strong(title(s)));
    for (Section section : sections(s)) {
      screen.say("");
      screen.say(screen.strong(section.heading()));
      section.lines().forEach(screen::say);
    }
    screen.say("");
    screen.say(screen.strong("  Promises"));
    s.verdicts().forEach(verdict -> printVerdict(verdict, screen));
    s.faults().forEach(fault -> screen.say(screen.bad("  FAULT      ") + fault));
    screen.say("");
    screen.say(
        s.good()
            ? screen.good("Every promise checked was kept.")
            : screen.bad("A promise was broken."));
  }

  private static String title(Summary s) {
    return String.format(
        Locale.ROOT,
        "Summary after %.1f s, %s",
        s.seconds(),
        s.nodes() == 1 ? "1 node" : s.nodes() + " nodes");
  }

  /** Lines that belong together, and what stands over their columns. */
  private record Section(String heading, List<String> lines) {}

  private static List<Section> sections(Summary s) {
    return List.of(
        new Section(columns("Money", "credits", "amount"), money(s)),
        new Section(columns("What happened", "times", ""), happened(s)),
        new Section(times("How fast", "p50", "p99", "max"), speed(s)));
  }

  /** All lines, without their headings. */
  static List<String> lines(Summary s) {
    return sections(s).stream().flatMap(section -> section.lines().stream()).toList();
  }

  private static List<String> money(Summary s) {
    List<String> lines = new ArrayList<>();
    lines.addAll(amounts("accepted", s.accepted()));
    lines.addAll(amounts("posted", s.posted()));
    lines.addAll(amounts("unposted", s.unposted()));
    for (Map.Entry<String, Amounts> reason : s.byReason().entrySet()) {
      lines.addAll(amounts("  " + reason.getKey(), reason.getValue()));
    }
    s.conservationDelta()
        .forEach(
            (currency, delta) ->
                lines.add(amount("accepted - posted - unposted", "", currency, delta)));
    return lines;
  }

  private static List<String> happened(Summary s) {
    List<String> lines = new ArrayList<>();
    lines.add(count("replayed", s.replayed()));
    lines.add(count("refused", s.refused()));
    lines.add(count("card changes", s.cardChanges()));
    lines.add(count("rerouted", s.rerouted()));
    lines.add(count("released", s.released()));
    lines.add(count("returned", s.returned()));
    lines.add(count("in doubt", s.inDoubt()));
    lines.add(count("stale lookups caught", s.staleLookupsCaught()));
    if (s.unanswered() > 0) {
      lines.add(count("sales without an answer", s.unanswered()));
    }
    lines.addAll(stories(s.stories()));
    return lines;
  }

  private static List<String> stories(Stories stories) {
    List<String> lines = new ArrayList<>();
    if (stories.equals(Stories.NONE)) {
      return lines;
    }
    long all = stories.played().values().stream().mapToLong(Long::longValue).sum();
    lines.add(count("stories played", all));
    stories.played().forEach((kind, count) -> lines.add(count("  " + kind, count)));
    stories.failed().forEach(story -> lines.add("  STORY FAILED  " + story));
    return lines;
  }

  private static List<String> speed(Summary s) {
    return List.of(
        quantiles("binding staleness", s.staleness().quantiles()),
        quantiles("accept latency", s.accept()),
        quantiles("posted latency", s.postedLatency()));
  }

  private static List<String> amounts(String name, Amounts amounts) {
    List<String> lines = new ArrayList<>();
    if (amounts.amountMinor().isEmpty()) {
      lines.add(count(name, amounts.count()));
    }
    for (Map.Entry<String, Long> entry : amounts.amountMinor().entrySet()) {
      boolean first = lines.isEmpty();
      lines.add(
          amount(
              first ? name : "",
              first ? number(amounts.count()) : "",
              entry.getKey(),
              entry.getValue()));
    }
    return lines;
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String count(String name, long count) {
    return String.format(Locale.ROOT, "  %-30s %12s", name, number(count));
  }

  private static String columns(String name, String count, String amount) {
    return String.format(Locale.ROOT, "  %-30s %12s %26s", name, count, amount).stripTrailing();
  }

  private static String amount(String name, String count, String currency, long minor) {
    int digits = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
    return String.format(
        Locale.ROOT,
        "  %-30s %12s   %s %,20." + digits + "f",
        name,
        count,
        currency,
        BigDecimal.valueOf(minor, digits));
  }

  private static String quantiles(String name, Quantiles q) {
    return times(name, millis(q.p50()), millis(q.p99()), millis(q.max()));
  }

  private static String times(String name, String p50, String p99, String max) {
    return String.format(Locale.ROOT, "  %-30s %12s %12s %13s", name, p50, p99, max);
  }

  private static String millis(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%,.1f ms", value);
  }

  private static void printVerdict(Verdict verdict, Screen screen) {
    String state = verdict.held() ? screen.good("held") : screen.bad("BROKEN");
    screen.say(
        String.format(
            Locale.ROOT, "  %-4s %-56s %s", verdict.invariant(), verdict.promise(), state));
    verdict.violations().forEach(violation -> screen.say("       " + violation));
  }
}
