package dev.settle.router.platform;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Renders times for every answer, and reads those that people send. */
public final class Times {

  /** RFC 3339; Java alone would also take times without seconds, and years of nine digits. */
  private static final Pattern TIME =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");

  private Times() {}

  /** The RFC 3339 time that {@code text} is, or null when it is none. */
  public static @Nullable OffsetDateTime parse(String text) {
    if (!TIME.matcher(text).matches()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeException refused) {
      return null;
    }
  }

  /** RFC 3339 in UTC; seconds are always written, unlike by {@code toString}. */
  public static String text(OffsetDateTime time) {
    return DateTimeFormatter.ISO_INSTANT.format(time);
  }

  /** The same, or null. */
  public static @Nullable String orNull(@Nullable OffsetDateTime time) {
    return time == null ? null : text(time);
  }
}
