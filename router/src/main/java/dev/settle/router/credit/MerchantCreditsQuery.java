package dev.settle.router.credit;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of a merchant's credits are asked for.
 *
 * @param terminalId of this terminal; null: of all
 * @param after those behind this credit in the list; null: from the newest on
 * @param limit at most so many
 */
record MerchantCreditsQuery(@Nullable String terminalId, @Nullable Long after, int limit) {

  private static final Pattern TERMINAL_ID = Pattern.compile("[A-Za-z0-9]{1,8}");
  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,3}");

  /** Reads the parameters; throws a 422 that names the one at fault. */
  static MerchantCreditsQuery read(Function<String, @Nullable String> parameter) {
    String terminalId = parameter.apply("terminalId");
    if (terminalId != null && !TERMINAL_ID.matcher(terminalId).matches()) {
      throw invalid("terminalId", "1 to 8 letters or digits are expected.");
    }
    String after = parameter.apply("after");
    OptionalLong credit = after == null ? OptionalLong.empty() : CreditId.parse(after);
    if (after != null && credit.isEmpty()) {
      throw badCursor();
    }
    return new MerchantCreditsQuery(
        terminalId,
        credit.isPresent() ? Long.valueOf(credit.getAsLong()) : null,
        limit(parameter.apply("limit")));
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return Limits.CREDIT_PAGE;
    }
    int limit = LIMIT.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > Limits.CREDIT_PAGE) {
      throw invalid("limit", "1 to " + Limits.CREDIT_PAGE + " is expected.");
    }
    return limit;
  }

  /** What is said when {@code after} is no place in the list. */
  static ProblemException badCursor() {
    return invalid("after", "next of the page before is expected: a credit of this merchant.");
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(Problem.invalid(field, detail));
  }
}
