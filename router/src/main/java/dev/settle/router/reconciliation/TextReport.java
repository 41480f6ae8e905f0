package dev.settle.router.reconciliation;

import dev.settle.router.breaks.BreakId;
import dev.settle.router.money.AmountText;
import dev.settle.router.reconciliation.Report.GoneBreak;
import dev.settle.router.reconciliation.Report.Total;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The report as a short table for people. */
public final class TextReport {

  private static final int BREAKS_NAMED = 5;

  private TextReport() {}

  /**
   * The table.
   *
   * @param opened breaks that this run opened
   */
  public static String of(String rail, Window window, Report report, long opened) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format("reconciled %s from %s to %s%n", rail, window.since(), window.until()));
    line(text, "matched", report.matched());
    line(text, "returned", report.returned());
    line(text, "open", report.open());
    for (DifferenceKind kind : DifferenceKind.values()) {
      String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      line(text, name, report.differences().getOrDefault(kind, Total.NONE));
    }
    text.append(
        report.differenceCount() == 0
            ? String.format("no differences%n")
            : String.format(
                "%,d differences; %,d breaks opened by this run: GET /v1/breaks?open=true%n",
                report.differenceCount(), opened));
    toBeClosed(text, report);
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Total total) {
    String amounts =
        total.amountMinor().entrySet().stream()
            .map(TextReport::amount)
            .collect(Collectors.joining(", "));
    text.append(String.format("  %-18s %,12d  %s", name, total.count(), amounts).stripTrailing())
        .append(System.lineSeparator());
  }

  private static String amount(Map.Entry<String, Long> amount) {
    return isKnown(amount.getKey())
        ? AmountText.of(amount.getValue(), amount.getKey()) + " " + amount.getKey()
        : amount.getValue() + " minor units of " + amount.getKey();
  }

  /** A bank may book in what ISO 4217 does not have. */
  private static boolean isKnown(String currency) {
    return Currency.getAvailableCurrencies().stream()
        .anyMatch(
            known ->
                known.getCurrencyCode().equals(currency) && known.getDefaultFractionDigits() >= 0);
  }

  private static void toBeClosed(StringBuilder text, Report report) {
    if (report.toBeClosedCount() > 0) {
      text.append(
          String.format(
              "%,d open breaks are the same in both books by now, to be closed by a person: %s%s%n",
              report.toBeClosedCount(),
              report.toBeClosed().stream()
                  .limit(BREAKS_NAMED)
                  .map((GoneBreak gone) -> BreakId.text(gone.breakId()))
                  .collect(Collectors.joining(", ")),
              report.toBeClosedCount() > BREAKS_NAMED ? ", …" : ""));
    }
  }
}
