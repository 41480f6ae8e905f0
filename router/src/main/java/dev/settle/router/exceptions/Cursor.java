package dev.settle.router.exceptions;

import dev.settle.router.credit.CreditId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of exceptions ended: the last one's time and credit. In public the microseconds
 * since 1970 in base 32, a hyphen, and the credit's id.
 */
record Cursor(OffsetDateTime since, long creditId) {

  private static final int RADIX = 32;
  private static final Pattern TEXT = Pattern.compile("([0-9A-V]{1,11})-(C0[0-9A-V]{12})");

  String text() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, since.toInstant());
    return Long.toString(micros, RADIX).toUpperCase(Locale.ROOT) + "-" + CreditId.text(creditId);
  }

  /** The cursor that {@code text} is, or null when it is none. */
  static @Nullable Cursor parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    OptionalLong credit = CreditId.parse(parts.group(2));
    Instant since = Instant.EPOCH.plus(Long.parseLong(parts.group(1), RADIX), ChronoUnit.MICROS);
    return credit.isEmpty() ? null : new Cursor(since.atOffset(ZoneOffset.UTC), credit.getAsLong());
  }
}
