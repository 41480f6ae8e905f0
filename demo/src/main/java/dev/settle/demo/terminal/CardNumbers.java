package dev.settle.demo.terminal;

/**
 * The settlement cards of the demo's merchants: 19 digits with a valid Luhn check digit, always the
 * same for a merchant, so that a second start on the same data directory onboards nobody anew.
 */
final class CardNumbers {

  private static final String ISSUER = "622202";

  /** Coprime to ten, so that different merchants have different cards. */
  private static final long SPREAD = 70_654_321;

  private CardNumbers() {}

  /** The card of merchant {@code n}, from 1 to 10^9 - 1. */
  static String ofMerchant(int n) {
    long middle = n * SPREAD % 1_000_000_000;
    // The sandbox bank takes endings 00xx as orders to misbehave: the last four never begin with 0.
    int ending = 100 + n % 900;
    return withCheckDigit(ISSUER + String.format("%09d%03d", middle, ending));
  }

  private static String withCheckDigit(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = i % 2 == 0 ? digit * 2 : digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return digits + (10 - sum % 10) % 10;
  }
}
