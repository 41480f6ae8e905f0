package dev.settle.router.railorder;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.platform.Calls;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.ReadDeadline;
import dev.settle.router.rail.RailStops.State;
import dev.settle.router.rail.Rails;
import dev.settle.router.railorder.RailOrderStore.Proposed;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How rails stand, and what people order of them: one proposes, another approves. */
public final class RailOrderEndpoint {

  private static final Pattern STATE = Pattern.compile("PROPOSED|APPROVED|REJECTED");
  private static final JsonObject RUNNING =
      new JsonObject()
          .put("state", State.RUNNING.name())
          .putNull("heldSince")
          .putNull("heldBy")
          .putNull("approvedBy")
          .putNull("reason");

  private static final Problem OWN =
      new Problem(403, "proposer-is-checker", null, "Who proposed an order does not decide on it.");
  private static final Problem OPEN =
      new Problem(
          409,
          "rail-order-open",
          null,
          "Another order of this rail is undecided; a checker decides on it first.");
  private static final Problem STANDS_SO =
      new Problem(
          409,
          "rail-state",
          null,
          "The rail stands as this orders already; read how it stands before you order.");

  private final RailOrderStore reading;
  private final RailOrderStore writing;
  private final Rails rails;
  private final Supplier<JsonObject> figures;

  /**
   * @param figures {@code {"at","rails"}} with how many credits wait for each
   */
  public RailOrderEndpoint(
      RailOrderStore reading, RailOrderStore writing, Rails rails, Supplier<JsonObject> figures) {
    this.reading = reading;
    this.writing = writing;
    this.rails = rails;
    this.figures = figures;
  }

  /** {@code GET /v1/rails}. */
  public void rails(RoutingContext call) {
    Calls.answer(
        call,
        ReadDeadline.keep(
            reading
                .inForce()
                .compose(
                    stops -> reading.page("PROPOSED", null).map(open -> standing(stops, open)))));
  }

  /** How a rail stands is of now; its figures may be a second old. */
  private JsonObject standing(Map<String, JsonObject> stops, JsonObject open) {
    JsonObject answer = figures.get();
    for (Object rail : answer.getJsonArray("rails", new JsonArray())) {
      JsonObject each = (JsonObject) rail;
      each.mergeIn(stops.getOrDefault(each.getString("rail"), RUNNING));
    }
    return answer.put("orders", open.getJsonArray("orders"));
  }

  /** {@code POST /v1/rails/{rail}/orders}. */
  public void propose(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Future<JsonObject> proposed =
        Calls.document(call, "an order", Proposal.FIELDS)
            .map(Proposal::of)
            .compose(
                proposal ->
                    writing.propose(
                        Calls.found(rails.named(call.pathParam("rail")), "rail").name(),
                        proposal,
                        by))
            .compose(done -> proposed(call, done));
    Calls.answer(call, proposed);
  }

  private Future<JsonObject> proposed(RoutingContext call, Proposed proposed) {
    switch (proposed.outcome()) {
      case "OPEN" -> throw new ProblemException(OPEN);
      case "STATE" -> throw new ProblemException(STANDS_SO);
      default -> call.response().setStatusCode(proposed.outcome().equals("DONE") ? 201 : 200);
    }
    return writing.find(Objects.requireNonNull(proposed.id())).map(Objects::requireNonNull);
  }

  /** {@code GET /v1/rail-orders}: newest first, a page at a time. */
  public void list(RoutingContext call) {
    Calls.answer(
        call,
        Future.succeededFuture(call.queryParams())
            .compose(
                query ->
                    ReadDeadline.keep(
                        reading.page(state(query.get("state")), before(query.get("before"))))));
  }

  private static @Nullable String state(@Nullable String text) {
    if (text != null && !STATE.matcher(text).matches()) {
      throw new ProblemException(
          Problem.invalid("state", "PROPOSED, APPROVED or REJECTED is expected."));
    }
    return text;
  }

  private static @Nullable Long before(@Nullable String text) {
    if (text == null) {
      return null;
    }
    OptionalLong id = RailOrderId.parse(text);
    if (id.isEmpty()) {
      throw new ProblemException(
          Problem.invalid("before", "A rail order's id is expected, such as RO1V."));
    }
    return id.getAsLong();
  }

  /** {@code POST /v1/rail-orders/{orderId}/approve}: answered when every node obeys it. */
  public void approve(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.noFields(call, "an approval")
            .compose(read -> RailOrderId.of(call))
            .compose(id -> writing.approve(id, by).compose(outcome -> decided(id, outcome))));
  }

  /** {@code POST /v1/rail-orders/{orderId}/reject}: nothing becomes of it. */
  public void reject(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.document(call, "a rejection", Set.of("reason"))
            .map(Proposal::reason)
            .compose(
                why ->
                    RailOrderId.of(call)
                        .compose(
                            id ->
                                writing
                                    .reject(id, by, why)
                                    .compose(outcome -> decided(id, outcome)))));
  }

  private Future<JsonObject> decided(long id, String outcome) {
    switch (outcome) {
      case "DONE", "REPLAYED" -> {}
      case "UNKNOWN" -> throw RailOrderId.unknown();
      case "OWN" -> throw new ProblemException(OWN);
      default ->
          throw new ProblemException(
              new Problem(
                  409, "rail-order-decided", null, "The order is " + outcome + " already."));
    }
    return writing.find(id).map(Objects::requireNonNull);
  }
}
