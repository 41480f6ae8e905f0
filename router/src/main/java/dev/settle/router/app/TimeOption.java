package dev.settle.router.app;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time from the command line: RFC 3339, with its offset. */
final class TimeOption implements ITypeConverter<Instant> {

  @Override
  public Instant convert(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notATime) {
      throw new TypeConversionException(
          "a time such as 2026-11-23T00:00:00Z is expected, not " + text);
    }
  }
}
