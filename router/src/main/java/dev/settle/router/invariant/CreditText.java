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
}
