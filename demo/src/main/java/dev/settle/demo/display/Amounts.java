package dev.settle.demo.display;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * So many credits and what they are worth.
 *
 * @param amountMinor minor units by ISO 4217 code
 */
public record Amounts(long count, SortedMap<String, Long> amountMinor) {

  public static final Amounts NONE = new Amounts(0, new TreeMap<>());

  /** Both together. Throws {@link ArithmeticException} beyond 2^63 minor units. */
  public Amounts plus(long moreCredits, String currency, long moreMinor) {
    SortedMap<String, Long> sum = new TreeMap<>(amountMinor);
    sum.merge(currency, moreMinor, Math::addExact);
    return new Amounts(count + moreCredits, sum);
  }

  /** Both together. */
  public Amounts plus(Amounts other) {
    Amounts sum = new Amounts(count + other.count, amountMinor);
    for (Map.Entry<String, Long> entry : other.amountMinor.entrySet()) {
      sum = sum.plus(0, entry.getKey(), entry.getValue());
    }
    return sum;
  }
}
