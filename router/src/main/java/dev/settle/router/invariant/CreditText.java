package dev.settle.router.invariant;

import java.util.Locale;

/**
 * A credit's public id, spelled out again here instead of asking the code that is being checked.
 */
final class CreditText {

  private CreditText() {}

  static String of(long creditId) {
    String digits = Long.toString(creditId, 32).toUpperCase(Locale.ROOT);
    return "C" + "0".repeat(13 - digits.length()) + digits;
  }

  /**
   * The credit that an end-to-end id is of, or the last that its batch may have; the greatest
   * number when it is none of ours.
   */
  static long creditOf(String endToEndId) {
    try {
      String number = endToEndId.substring(1, endToEndId.indexOf('-'));
      long id = Long.parseLong(number, 32);
      return endToEndId.startsWith("C") ? id : (id << 12) + 4_095;
    } catch (NumberFormatException | IndexOutOfBoundsException notOurs) {
      return Long.MAX_VALUE;
    }
  }

  /** The end-to-end id of a batch's transfer to an account, where credits are sent as one. */
  static String ofAccount(long batch, long account) {
    return "B"
        + Long.toString(batch, 32).toUpperCase(Locale.ROOT)
        + "-A"
        + Long.toString(account, 32).toUpperCase(Locale.ROOT);
  }
}
