package dev.settle.router.exceptions;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.platform.Calls;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.ReadDeadline;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions for people: the list, the preview of an order, and orders, which are kept here and
 * carried out by whichever node.
 */
public final class ExceptionEndpoint {

  private static final Problem CHANGED =
      new Problem(
          409,
          "exceptions-changed",
          null,
          "These are no longer the credits, or the amount, that the preview showed; preview again.");
  private static final Problem NOT_ACTIONABLE =
      new Problem(
          409,
          "exceptions-not-actionable",
          null,
          "The action has no meaning for any of these; the preview says why of each.");
  private static final Problem TOO_MANY =
      new Problem(
          409,
          "exceptions-too-many",
          null,
          "An order acts on "
              + Limits.EXCEPTION_ORDER_CREDITS
              + " credits at most; narrow the filter.");
  private static final Problem CONFLICT =
      new Problem(
          409,
          "exception-order-conflict",
          null,
          "Another order has this orderId; send a new one with a new orderId.");

  private final ExceptionStore exceptions;
  private final OrderBook reading;
  private final OrderBook writing;

  public ExceptionEndpoint(ExceptionStore exceptions, OrderBook reading, OrderBook writing) {
    this.exceptions = exceptions;
    this.reading = reading;
    this.writing = writing;
  }

  /** {@code GET /v1/exceptions}: by age, a page at a time. */
  public void list(RoutingContext call) {
    Calls.answer(
        call,
        Future.succeededFuture(call.queryParams())
            .map(PageQuery::read)
            .compose(query -> ReadDeadline.keep(exceptions.page(query))));
  }

  /** {@code POST /v1/exceptions/preview}: changes nothing. */
  public void preview(RoutingContext call) {
    Calls.answer(
        call,
        Calls.document(call, "a selection", Selection.FIELDS)
            .map(Selection::read)
            .compose(selection -> ReadDeadline.keep(exceptions.preview(selection))));
  }

  /** {@code POST /v1/exceptions/orders}: answered when the order is durable. */
  public void order(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.document(call, "an order", Ordering.FIELDS)
            .map(Ordering::read)
            .compose(
                ordering ->
                    writing
                        .create(ordering, by)
                        .compose(outcome -> ordered(call, ordering.orderId(), outcome))));
  }

  private Future<JsonObject> ordered(RoutingContext call, UUID orderId, String outcome) {
    switch (outcome) {
      case "CHANGED" -> throw new ProblemException(CHANGED);
      case "NONE" -> throw new ProblemException(NOT_ACTIONABLE);
      case "TOO_MANY" -> throw new ProblemException(TOO_MANY);
      case "CONFLICT" -> throw new ProblemException(CONFLICT);
      default -> call.response().setStatusCode(outcome.equals("ORDERED") ? 202 : 200);
    }
    return writing.find(orderId).map(order -> Calls.found(order, "order"));
  }

  /** {@code GET /v1/exceptions/orders}: newest first, a page at a time. */
  public void orders(RoutingContext call) {
    Calls.answer(
        call,
        Future.succeededFuture(call.queryParams())
            .compose(query -> ReadDeadline.keep(reading.page(before(query.get("before"))))));
  }

  private static @Nullable UUID before(@Nullable String text) {
    if (text == null) {
      return null;
    }
    UUID before = Ordering.id(text);
    if (before == null) {
      throw new ProblemException(Problem.invalid("before", "An order's id is expected, a UUID."));
    }
    return before;
  }

  /** {@code GET /v1/exceptions/orders/{orderId}}. */
  public void getOrder(RoutingContext call) {
    Calls.answer(
        call,
        orderId(call)
            .compose(id -> ReadDeadline.keep(reading.find(id)))
            .map(order -> Calls.found(order, "order")));
  }

  /** {@code POST /v1/exceptions/orders/{orderId}/stop}: what is not done stays as it is. */
  public void stop(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.noFields(call, "a stop")
            .compose(read -> orderId(call))
            .compose(id -> writing.stop(id, by).compose(there -> writing.find(id)))
            .map(order -> Calls.found(order, "order")));
  }

  private static Future<UUID> orderId(RoutingContext call) {
    return Future.succeededFuture(call.pathParam("orderId"))
        .map(text -> Calls.found(Ordering.id(text), "order"));
  }
}
