package dev.settle.router.audit;

import dev.settle.router.platform.HiddenNumber;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.Times;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which events are asked for.
 *
 * @param object about this; null: about anything
 * @param actor by this person, key or program; null: by anybody
 * @param action of this kind; null: of any
 * @param since recorded from then on; null: from the beginning
 * @param before recorded before this event; null: from the newest on
 */
record AuditQuery(
    @Nullable String object,
    @Nullable String actor,
    @Nullable String action,
    @Nullable OffsetDateTime since,
    @Nullable Long before) {

  private static final Pattern TEXT = Pattern.compile("[^\\p{Cc}\\p{Cs}]{1,400}");
  private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

  /** Reads the parameters; throws a 422 that names the one at fault. */
  static AuditQuery read(Function<String, @Nullable String> parameter) {
    String action = parameter.apply("action");
    String since = parameter.apply("since");
    String before = parameter.apply("before");
    OffsetDateTime from = since == null ? null : Times.parse(since);
    if (action != null
        && Arrays.stream(AuditAction.values()).noneMatch(known -> known.name().equals(action))) {
      throw invalid("action", "A kind of event is expected, such as ACCOUNT_STATUS_SET.");
    }
    if (since != null && from == null) {
      throw invalid("since", "A time is expected, such as 2026-11-28T08:00:00Z.");
    }
    if (before != null && !ID.matcher(before).matches()) {
      throw invalid("before", "An event's id is expected, such as 4711.");
    }
    return new AuditQuery(
        text(parameter, "object"),
        text(parameter, "actor"),
        action,
        from,
        before == null ? null : Long.valueOf(before));
  }

  private static @Nullable String text(Function<String, @Nullable String> parameter, String field) {
    String given = parameter.apply(field);
    if (given != null && !TEXT.matcher(given).matches()) {
      throw invalid(field, "Up to 400 printable characters are expected.");
    }
    // The database may log what it is asked for.
    if (given != null && HiddenNumber.mayBeIn(given)) {
      throw invalid(field, "It may hold an account number, which no event has; leave it out.");
    }
    return given;
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(Problem.invalid(field, detail));
  }
}
