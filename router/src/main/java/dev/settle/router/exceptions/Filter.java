package dev.settle.router.exceptions;

import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.HiddenNumber;
import dev.settle.router.platform.Limits;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which open exceptions are meant; null: any.
 *
 * @param assignee who has them
 * @param olderThan how long they have waited at least
 */
record Filter(
    @Nullable String reason,
    @Nullable String rail,
    @Nullable String merchantId,
    @Nullable String assignee,
    @Nullable Duration olderThan) {

  static final List<String> FIELDS =
      List.of("reason", "rail", "merchantId", "assignee", "olderThan");

  /** A person as tokens name one. */
  static final Pattern PERSON =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,100}");

  private static final Pattern RAIL = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Pattern MERCHANT = Pattern.compile("[A-Za-z0-9]{1,15}");
  private static final Pattern AGE =
      Pattern.compile(
          "P(?=[0-9T])([0-9]{1,6}D)?(T(?=[0-9])([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}S)?)?");

  /**
   * Reads the fields.
   *
   * @param value of a field, null when it is not there
   * @param invalid the problem of a field's value, with what is expected
   */
  static Filter read(
      Function<String, @Nullable String> value,
      BiFunction<String, String, ? extends RuntimeException> invalid) {
    String reason = value.apply("reason");
    if (reason != null && Arrays.stream(Reason.values()).noneMatch(r -> r.name().equals(reason))) {
      throw invalid.apply("reason", "A reason is expected, such as ACCOUNT_FROZEN.");
    }
    return new Filter(
        reason,
        matching(
            value, invalid, "rail", RAIL, "A rail's name: lower-case letters, digits and hyphens."),
        matching(value, invalid, "merchantId", MERCHANT, "1 to 15 letters and digits."),
        matching(value, invalid, "assignee", PERSON, "1 to 100 printable characters."),
        age(value.apply("olderThan"), invalid));
  }

  private static @Nullable String matching(
      Function<String, @Nullable String> value,
      BiFunction<String, String, ? extends RuntimeException> invalid,
      String field,
      Pattern pattern,
      String expected) {
    String text = value.apply(field);
    if (text != null && (!pattern.matcher(text).matches() || HiddenNumber.mayBeIn(text))) {
      throw invalid.apply(field, "What is expected: " + expected);
    }
    return text;
  }

  private static @Nullable Duration age(
      @Nullable String text, BiFunction<String, String, ? extends RuntimeException> invalid) {
    if (text == null) {
      return null;
    }
    Duration age = AGE.matcher(text).matches() ? duration(text) : null;
    if (age == null || age.compareTo(Duration.ofDays(Limits.EXCEPTION_AGE_DAYS)) > 0) {
      throw invalid.apply(
          "olderThan",
          "A duration up to P" + Limits.EXCEPTION_AGE_DAYS + "D is expected, such as PT1H or P2D.");
    }
    return age;
  }

  private static @Nullable Duration duration(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException | ArithmeticException refused) {
      return null;
    }
  }

  boolean isEmpty() {
    return equals(new Filter(null, null, null, null, null));
  }

  /** The fields that are set. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    putIfSet(json, "reason", reason);
    putIfSet(json, "rail", rail);
    putIfSet(json, "merchantId", merchantId);
    putIfSet(json, "assignee", assignee);
    putIfSet(json, "olderThan", olderThan == null ? null : olderThan.toString());
    return json;
  }

  private static void putIfSet(JsonObject json, String field, @Nullable String value) {
    if (value != null) {
      json.put(field, value);
    }
  }
}
