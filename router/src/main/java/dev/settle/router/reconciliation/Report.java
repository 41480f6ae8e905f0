package dev.settle.router.reconciliation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a comparison found, in totals: transfers, which carry one credit or more each.
 *
 * @param matched credits that both books have
 * @param returned money that came back in both books
 * @param open what is on its way, or too fresh to be in both books
 * @param differences by kind
 * @param toBeClosed breaks of earlier runs whose transfers are the same in both books by now, the
 *     first of them
 * @param toBeClosedCount how many there are
 */
public record Report(
    Total matched,
    Total returned,
    Total open,
    Map<DifferenceKind, Total> differences,
    List<GoneBreak> toBeClosed,
    long toBeClosedCount) {

  /** A number of transfers and their amount in minor units by currency. */
  public record Total(long count, Map<String, Long> amountMinor) {

    /** None. */
    public static final Total NONE = new Total(0, Map.of());

    Total plus(long more, String currency, long minor) {
      Map<String, Long> amounts = new TreeMap<>(amountMinor);
      amounts.merge(currency, minor, Long::sum);
      return new Total(count + more, amounts);
    }
  }

  /** An open break that a person may close. */
  public record GoneBreak(long breakId, String kind, String endToEndId) {}

  /** How many differences there are. */
  public long differenceCount() {
    return differences.values().stream().mapToLong(Total::count).sum();
  }

  /** Adds up lines of verdicts. */
  static final class Sum {
    private Total matched = Total.NONE;
    private Total returned = Total.NONE;
    private Total open = Total.NONE;
    private final Map<DifferenceKind, Total> differences = new EnumMap<>(DifferenceKind.class);

    void add(String verdict, boolean back, String currency, long count, long minor) {
      switch (verdict) {
        case "MATCHED" -> {
          matched = back ? matched : matched.plus(count, currency, minor);
          returned = back ? returned.plus(count, currency, minor) : returned;
        }
        case "OPEN", "NOT_JUDGED" -> open = open.plus(count, currency, minor);
        case "NOTHING" -> {}
        default ->
            differences.merge(
                DifferenceKind.valueOf(verdict),
                Total.NONE.plus(count, currency, minor),
                (all, more) -> all.plus(count, currency, minor));
      }
    }

    Report report(List<GoneBreak> toBeClosed, long toBeClosedCount) {
      return new Report(matched, returned, open, differences, toBeClosed, toBeClosedCount);
    }
  }
}
