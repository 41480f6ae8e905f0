package dev.settle.router.platform;

import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Renders times for every answer. */
public final class Times {

  private Times() {}

  /** RFC 3339 in UTC; seconds are always written, unlike by {@code toString}. */
  public static String text(OffsetDateTime time) {
    return DateTimeFormatter.ISO_INSTANT.format(time);
  }

  /** The same, or null. */
  public static @Nullable String orNull(@Nullable OffsetDateTime time) {
    return time == null ? null : text(time);
  }
}
