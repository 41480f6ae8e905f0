package dev.settle.demo.display;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The summary for people: aligned lines, the verdicts last. */
public final class SummaryText {

  private SummaryText() {}

  /** Prints the summary. */
  public static void print(Summary s, Screen screen) {
    screen.say("");
    screen.say(screen.strong(String.format(Locale.ROOT, "Summary after %.1f s", s.seconds())));
    lines(s).forEach(screen::say);
    s.verdicts().forEach(verdict -> printVerdict(verdict, screen));
    s.faults().forEach(fault -> screen.say(screen.bad("  FAULT      ") + fault));
    screen.say(
        s.good()
            ? screen.good("Every promise checked was kept.")
            : screen.bad("A promise was broken."));
  }

  static List<String> lines(Summary s) {
    List<String> lines = new ArrayList<>();
    lines.addAll(money("accepted", s.accepted()));
    lines.addAll(money("posted", s.posted()));
    lines.addAll(money("unposted", s.unposted()));
    for (Map.Entry<String, Amounts> reason : s.byReason().entrySet()) {
      lines.addAll(money("  " + reason.getKey(), reason.getValue()));
    }
    s.conservationDelta()
        .forEach(
            (currency, delta) ->
                lines.add(amountLine("accepted - posted - unposted", "", currency, delta)));
    lines.add(countLine("replayed", s.replayed()));
    lines.add(countLine("refused", s.refused()));
    lines.add(countLine("card changes", s.cardChanges()));
    lines.add(countLine("rerouted", s.rerouted()));
    lines.add(countLine("released", s.released()));
    lines.add(countLine("stale lookups caught", s.staleLookupsCaught()));
    lines.addAll(stories(s.stories()));
    if (s.unanswered() > 0) {
      lines.add(countLine("sales without an answer", s.unanswered()));
    }
    lines.add(quantiles("binding staleness", s.staleness().quantiles()));
    lines.add(quantiles("accept latency", s.accept()));
    lines.add(quantiles("posted latency", s.postedLatency()));
    return lines;
  }

  private static List<String> stories(Stories stories) {
    List<String> lines = new ArrayList<>();
    if (stories.equals(Stories.NONE)) {
      return lines;
    }
    long all = stories.played().values().stream().mapToLong(Long::longValue).sum();
    lines.add(countLine("stories played", all));
    stories.played().forEach((kind, count) -> lines.add(countLine("  " + kind, count)));
    stories.failed().forEach(story -> lines.add("  STORY FAILED  " + story));
    return lines;
  }

  private static List<String> money(String name, Amounts amounts) {
    List<String> lines = new ArrayList<>();
    String count = String.format(Locale.ROOT, "%,d", amounts.count());
    if (amounts.amountMinor().isEmpty()) {
      lines.add(countLine(name, amounts.count()));
    }
    for (Map.Entry<String, Long> entry : amounts.amountMinor().entrySet()) {
      boolean first = lines.isEmpty();
      lines.add(
          amountLine(first ? name : "", first ? count : "", entry.getKey(), entry.getValue()));
    }
    return lines;
  }

  private static String countLine(String name, long count) {
    return String.format(
        Locale.ROOT, "  %-30s %12s", name, String.format(Locale.ROOT, "%,d", count));
  }

  private static String amountLine(String name, String count, String currency, long minor) {
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
    return String.format(
        Locale.ROOT,
        "  %-30s p50 %s   p99 %s   max %s",
        name,
        millis(q.p50()),
        millis(q.p99()),
        millis(q.max()));
  }

  private static String millis(@Nullable Double value) {
    return value == null ? "       -" : String.format(Locale.ROOT, "%,6.1fms", value);
  }

  private static void printVerdict(Verdict verdict, Screen screen) {
    String state = verdict.held() ? screen.good("held") : screen.bad("BROKEN");
    screen.say(
        String.format(
            Locale.ROOT, "  %-4s %-56s %s", verdict.invariant(), verdict.promise(), state));
    verdict.violations().forEach(violation -> screen.say("       " + violation));
  }
}
