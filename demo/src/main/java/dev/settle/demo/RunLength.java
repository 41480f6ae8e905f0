package dev.settle.demo;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long to run, as a whole number with a unit: {@code 30s}, {@code 2m}, {@code 1h}. */
public final class RunLength implements ITypeConverter<Duration> {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})([smh])");
  private static final Duration MOST = Duration.ofDays(30);

  @Override
  public Duration convert(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      long number = Long.parseLong(form.group(1));
      Duration length =
          switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
          };
      if (!length.isZero() && length.compareTo(MOST) <= 0) {
        return length;
      }
    }
    throw new TypeConversionException(
        "'" + text + "' is not a time such as 30s, 2m or 1h (from 1s to 30 days)");
  }
}
