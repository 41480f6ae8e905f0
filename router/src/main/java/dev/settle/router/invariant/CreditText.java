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

  /** The end-to-end id of a batch's transfer to an account, where credits are sent as one. */
  static String ofAccount(long batch, long account) {
    return "B"
        + Long.toString(batch, 32).toUpperCase(Locale.ROOT)
        + "-A"
        + Long.toString(account, 32).toUpperCase(Locale.ROOT);
  }
}
