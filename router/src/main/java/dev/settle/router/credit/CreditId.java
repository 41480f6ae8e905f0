package dev.settle.router.credit;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * The id of a credit: its first batch's id times 4096 plus its place in that commit. In public it
 * is {@code C} and the number in base 32, thirteen places.
 */
public final class CreditId {

  /** Bits of the place in the commit. */
  static final int PLACE_BITS = 12;

  private static final int TEXT_DIGITS = 13;

  private CreditId() {}

  static long of(long batchId, int place) {
    return batchId << PLACE_BITS | place;
  }

  public static String text(long id) {
    String digits = Long.toString(id, 32).toUpperCase(Locale.ROOT);
    return "C" + "0".repeat(TEXT_DIGITS - digits.length()) + digits;
  }

  /** The id that {@code text} stands for; empty when it stands for none. */
  public static OptionalLong parse(String text) {
    if (!text.matches("C0[0-9A-V]{12}")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(text.substring(1), 32));
  }
}
