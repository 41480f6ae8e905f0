package dev.settle.router.exceptions;

import dev.settle.router.credit.CreditId;
import dev.settle.router.credit.ExceptionAction;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an operator names for an action: single credits, or a filter.
 *
 * @param credits in their order, each once; null: those of the filter
 * @param asOf only exceptions that were opened before; null: until now
 */
record Selection(
    ExceptionAction action,
    @Nullable List<Long> credits,
    Filter filter,
    @Nullable OffsetDateTime asOf) {

  static final Set<String> FIELDS = Set.of("action", "creditIds", "filter", "asOf");

  /** Reads it; throws a 422 that names the field at fault. */
  static Selection read(JsonDocument json) {
    ExceptionAction action = action(json);
    List<Long> credits = credits(json);
    JsonDocument fields = json.optionalObject("filter", Set.copyOf(Filter.FIELDS));
    Filter filter = Filter.read(fields::optionalText, fields::invalid);
    if (credits != null && !filter.isEmpty()) {
      throw json.invalid("filter", "Send creditIds or filter, not both.");
    }
    if (credits == null && filter.isEmpty()) {
      throw new ProblemException(
          new Problem(
              422,
              "missing-field",
              "filter",
              "Send creditIds, or a filter with one field at least."));
    }
    return new Selection(action, credits, filter, asOf(json));
  }

  private static ExceptionAction action(JsonDocument json) {
    String text = json.text("action");
    return Arrays.stream(ExceptionAction.values())
        .filter(action -> action.name().equals(text))
        .findFirst()
        .orElseThrow(
            () -> json.invalid("action", "RELEASE, HOLD, REROUTE or HAND_OVER is expected."));
  }

  private static @Nullable List<Long> credits(JsonDocument json) {
    if (!json.has("creditIds")) {
      return null;
    }
    List<String> texts = json.texts("creditIds", Limits.EXCEPTION_CREDITS);
    if (texts.isEmpty()) {
      throw json.invalid("creditIds", "One at least is expected.");
    }
    Set<Long> credits = new TreeSet<>();
    for (int i = 0; i < texts.size(); i++) {
      OptionalLong id = CreditId.parse(texts.get(i));
      if (id.isEmpty()) {
        throw json.invalid("creditIds[" + i + "]", "A credit's id is expected.");
      }
      credits.add(id.getAsLong());
    }
    return List.copyOf(credits);
  }

  private static @Nullable OffsetDateTime asOf(JsonDocument json) {
    String text = json.optionalText("asOf");
    if (text == null) {
      return null;
    }
    OffsetDateTime asOf = Times.parse(text);
    if (asOf == null) {
      throw json.invalid("asOf", "The asOf of the preview is expected, as it was.");
    }
    return asOf;
  }

  /** Adds the parameters of {@code exception_selected} from {@code p_credits} on. */
  Tuple addTo(Tuple parameters) {
    return parameters
        .addArrayOfLong(credits == null ? null : credits.toArray(Long[]::new))
        .addString(filter.reason())
        .addString(filter.rail())
        .addString(filter.merchantId())
        .addString(filter.assignee())
        .addValue(filter.olderThan() == null ? null : Interval.of(filter.olderThan()));
  }

  /** What was named, as it is kept and shown; single credits only by their number. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    if (credits == null) {
      json.put("filter", filter.json());
    } else {
      json.put("creditIds", credits.size());
    }
    return json.put("asOf", Times.orNull(asOf));
  }

  /** All of it, the same for the same selection. */
  JsonObject whole() {
    return json()
        .put("action", action.name())
        .put("credits", credits == null ? null : new JsonArray(credits));
  }
}
