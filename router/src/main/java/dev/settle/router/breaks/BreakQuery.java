package dev.settle.router.breaks;

import dev.settle.router.platform.HiddenNumber;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which breaks are asked for.
 *
 * @param rail of this rail; null: of all
 * @param kind of this kind; null: of all
 * @param open true: those that nobody closed yet; false: the others; null: both
 * @param before opened before this one; null: from the newest on
 */
record BreakQuery(
    @Nullable String rail, @Nullable String kind, @Nullable Boolean open, @Nullable Long before) {

  private static final Pattern RAIL = Pattern.compile("[a-z0-9-]{1,40}");

  /** Reads the parameters; throws a 422 that names the one at fault. */
  static BreakQuery read(Function<String, @Nullable String> parameter) {
    String rail = parameter.apply("rail");
    String kind = parameter.apply("kind");
    String open = parameter.apply("open");
    String before = parameter.apply("before");
    if (rail != null && (!RAIL.matcher(rail).matches() || HiddenNumber.mayBeIn(rail))) {
      throw invalid("rail", "A rail's name is expected: lower-case letters, digits and hyphens.");
    }
    if (kind != null && Arrays.stream(BreakKind.values()).noneMatch(k -> k.name().equals(kind))) {
      throw invalid("kind", "A kind of break is expected, such as MISSING_AT_BANK.");
    }
    if (open != null && !open.equals("true") && !open.equals("false")) {
      throw invalid("open", "true or false is expected.");
    }
    OptionalLong id = before == null ? OptionalLong.empty() : BreakId.parse(before);
    if (before != null && id.isEmpty()) {
      throw invalid("before", "A break's id is expected, such as BR1V.");
    }
    return new BreakQuery(
        rail,
        kind,
        open == null ? null : Boolean.valueOf(open),
        id.isPresent() ? Long.valueOf(id.getAsLong()) : null);
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(Problem.invalid(field, detail));
  }
}
