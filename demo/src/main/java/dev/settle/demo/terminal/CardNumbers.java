package dev.settle.demo.terminal;

import java.util.Random;

/**
 * The settlement cards of the demo's merchants: 19 digits with a valid Luhn check digit, of one
 * issuer. The first card is always the same for a merchant, so that a second start on the same data
 * directory onboards nobody anew; later ones are left to chance.
 */
public final class CardNumbers {

  /** The issuer's bank, as an account names it. */
  public static final String BANK = "102";

  private static final String ISSUER = "622202";
  private static final int DIGITS = 19;

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

  /** Any ordinary card: no ending that gives the sandbox bank an order. */
  public static String any(Random random) {
    return withCheckDigit(
        ISSUER
            + String.format("%09d%03d", random.nextInt(1_000_000_000), 100 + random.nextInt(900)));
  }

  /** A card that ends in these four digits: an order to the sandbox bank. */
  public static String endingIn(String ending, Random random) {
    int middle = DIGITS - ISSUER.length() - ending.length();
    while (true) {
      StringBuilder number = new StringBuilder(ISSUER);
      for (int i = 0; i < middle; i++) {
        number.append(random.nextInt(10));
      }
      String card = number.append(ending).toString();
      if (withCheckDigit(card.substring(0, DIGITS - 1)).equals(card)) {
        return card;
      }
    }
  }

  /** An ordinary card with one digit wrong, so that its check digit does not fit. */
  public static String mistyped(Random random) {
    String card = any(random);
    int last = card.charAt(DIGITS - 1) - '0';
    return card.substring(0, DIGITS - 1) + (last + 1 + random.nextInt(9)) % 10;
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
