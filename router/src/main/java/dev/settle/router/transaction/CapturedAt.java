package dev.settle.router.transaction;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads RFC 3339 times as {@link OffsetDateTime#parse} does. The two forms that terminals send,
 * {@code 2026-11-22T18:03:11Z} and {@code 2026-11-22T18:03:11+08:00}, are read without a formatter,
 * which costs as much as the rest of a transaction.
 */
final class CapturedAt {

  private static final String FORM = "dddd-dd-ddTdd:dd:dd";
  private static final String OFFSET = "sdd:dd";
  private static final int UTC_LENGTH = FORM.length() + 1;
  private static final int OFFSET_LENGTH = FORM.length() + OFFSET.length();

  private CapturedAt() {}

  /**
   * @throws java.time.format.DateTimeParseException when it is not such a time
   */
  static OffsetDateTime parse(String text) {
    OffsetDateTime usual = usual(text);
    return usual != null ? usual : OffsetDateTime.parse(text);
  }

  /** The time, or null when the text has another form or names no time. */
  private static @Nullable OffsetDateTime usual(String text) {
    boolean utc = text.length() == UTC_LENGTH && text.charAt(FORM.length()) == 'Z';
    boolean offset = text.length() == OFFSET_LENGTH && isOf(OFFSET, text, FORM.length());
    if (!utc && !offset || !isOf(FORM, text, 0)) {
      return null;
    }
    try {
      return OffsetDateTime.of(
          two(text, 0) * 100 + two(text, 2),
          two(text, 5),
          two(text, 8),
          two(text, 11),
          two(text, 14),
          two(text, 17),
          0,
          utc ? ZoneOffset.UTC : offset(text));
    } catch (DateTimeException unusual) {
      return null;
    }
  }

  private static ZoneOffset offset(String text) {
    int sign = text.charAt(FORM.length()) == '-' ? -1 : 1;
    return ZoneOffset.ofHoursMinutes(
        sign * two(text, FORM.length() + 1), sign * two(text, FORM.length() + 4));
  }

  /** {@code d} stands for a digit, {@code s} for a sign, anything else for itself. */
  private static boolean isOf(String form, String text, int from) {
    for (int i = 0; i < form.length(); i++) {
      char found = text.charAt(from + i);
      boolean fits =
          switch (form.charAt(i)) {
            case 'd' -> found >= '0' && found <= '9';
            case 's' -> found == '+' || found == '-';
            default -> found == form.charAt(i);
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static int two(String text, int from) {
    return (text.charAt(from) - '0') * 10 + text.charAt(from + 1) - '0';
  }
}
