package dev.settle.router.merchant;

import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.Times;
import java.time.OffsetDateTime;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of a merchant's bindings are asked for.
 *
 * @param asOf those in force then; null: all that ever were
 * @param terminalId those that decide for this terminal: its own and the merchant's default; null:
 *     of every terminal
 * @param before those of an earlier version than this; null: from the newest on
 */
record BindingQuery(
    @Nullable OffsetDateTime asOf, @Nullable String terminalId, @Nullable Integer before) {

  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

  /** Reads the parameters; throws a 422 that names the one at fault. */
  static BindingQuery read(Function<String, @Nullable String> parameter) {
    String asOf = parameter.apply("asOf");
    String terminalId = parameter.apply("terminalId");
    String before = parameter.apply("before");
    if (terminalId != null && !MerchantReader.TERMINAL_ID.matcher(terminalId).matches()) {
      throw invalid("terminalId", "1 to 8 letters or digits are expected.");
    }
    if (before != null && (asOf != null || !VERSION.matcher(before).matches())) {
      throw invalid("before", "A version is expected, and no asOf beside it.");
    }
    return new BindingQuery(
        asOf == null ? null : time(asOf),
        terminalId,
        before == null ? null : Integer.valueOf(before));
  }

  private static OffsetDateTime time(String text) {
    OffsetDateTime time = Times.parse(text);
    if (time == null) {
      throw invalidTime();
    }
    return time;
  }

  private static ProblemException invalidTime() {
    return invalid(
        "asOf", "A time such as 2026-11-22T10:03:11Z is expected; in a query, + is written %2B.");
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(Problem.invalid(field, detail));
  }
}
