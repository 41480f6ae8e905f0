package dev.settle.sandbox.bank;

/**
 * The account that takes the place of one whose details have changed: the same number with another
 * ending, one that gives the bank no order. A number with a valid Luhn check digit gets another.
 */
final class ChangedAccount {
  private static final int FIRST_ENDING = 1_000;
  private static final int LAST_ENDING = 9_999;
  private static final int ENDING_DIGITS = 4;
  private static final int CARD_DIGITS_LEAST = 12;

  private ChangedAccount() {}

  /** The new number, always the same for the same old one. */
  static String of(String old) {
    String start = old.substring(0, old.length() - ENDING_DIGITS);
    boolean card = isCard(old);
    int spread = Math.floorMod(start.hashCode(), 8_000);
    for (int ending = FIRST_ENDING + spread; ending <= LAST_ENDING; ending++) {
      String candidate = start + ending;
      if (!card || isCard(candidate)) {
        return candidate;
      }
    }
    throw new IllegalStateException("one in ten endings has a valid check digit");
  }

  /** Whether the number is all digits, as long as a card's, and its Luhn sum divides by ten. */
  static boolean isCard(String number) {
    if (number.length() < CARD_DIGITS_LEAST) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < number.length(); i++) {
      int digit = number.charAt(number.length() - 1 - i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      int doubled = i % 2 == 1 ? digit * 2 : digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }
}
