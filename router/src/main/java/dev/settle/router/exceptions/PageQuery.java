package dev.settle.router.exceptions;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which page of exceptions is asked for.
 *
 * @param after where the page before ended; null: the first
 * @param limit exceptions on it, at most
 */
record PageQuery(Filter filter, @Nullable Cursor after, int limit) {

  private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]{0,2}");

  /** Reads the parameters; throws a 422 that names the one at fault. */
  static PageQuery read(MultiMap parameters) {
    for (Map.Entry<String, String> parameter : parameters) {
      String name = parameter.getKey();
      if (!Filter.FIELDS.contains(name) && !name.equals("after") && !name.equals("limit")) {
        throw new ProblemException(
            new Problem(
                422,
                "unknown-field",
                name.matches("[A-Za-z]{1,40}") ? name : "query",
                "There is no such parameter; there are "
                    + String.join(", ", Filter.FIELDS)
                    + ", after and limit."));
      }
    }
    return new PageQuery(
        Filter.read(name -> value(parameters, name), PageQuery::invalid),
        after(value(parameters, "after")),
        limit(value(parameters, "limit")));
  }

  /** An empty one says nothing. */
  private static @Nullable String value(MultiMap parameters, String name) {
    String text = parameters.get(name);
    return text == null || text.isEmpty() ? null : text;
  }

  private static @Nullable Cursor after(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Cursor after = Cursor.parse(text);
    if (after == null) {
      throw invalid("after", "The next of the page before is expected, as it was.");
    }
    return after;
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return Limits.EXCEPTION_PAGE;
    }
    if (!LIMIT.matcher(text).matches() || Integer.parseInt(text) > Limits.EXCEPTION_PAGE_MAX) {
      throw invalid("limit", "Between 1 and " + Limits.EXCEPTION_PAGE_MAX + " is expected.");
    }
    return Integer.parseInt(text);
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(Problem.invalid(field, detail));
  }
}
