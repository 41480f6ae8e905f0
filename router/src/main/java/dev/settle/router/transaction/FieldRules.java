package dev.settle.router.transaction;

import org.jspecify.annotations.Nullable;

/**
 * What the text fields of a terminal's message may hold. Each rule gives null when the text is
 * good.
 */
final class FieldRules {

  private FieldRules() {}

  static @Nullable Refusal digits(String name, String text, int min, int max) {
    boolean good = text.length() >= min && text.length() <= max;
    for (int i = 0; good && i < text.length(); i++) {
      good = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return good ? null : invalid(name, length(min, max) + " digits are expected.");
  }

  static @Nullable Refusal lettersOrDigits(String name, String text, int min, int max) {
    boolean good = text.length() >= min && text.length() <= max;
    for (int i = 0; good && i < text.length(); i++) {
      char c = text.charAt(i);
      good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
    return good ? null : invalid(name, length(min, max) + " letters or digits are expected.");
  }

  private static String length(int min, int max) {
    return min == max ? String.valueOf(min) : min + " to " + max;
  }

  static Refusal invalid(String field, String detail) {
    return new Refusal(RefusalCode.INVALID_VALUE, field, detail);
  }
}
