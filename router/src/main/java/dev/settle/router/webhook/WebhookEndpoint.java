package dev.settle.router.webhook;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.platform.Calls;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.ReadDeadline;
import dev.settle.router.webhook.WebhookStore.Created;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Who is told what by webhooks, and what people do with one. */
public final class WebhookEndpoint {

  private static final Problem EXISTS =
      new Problem(
          409,
          "webhook-exists",
          "url",
          "The owner has a webhook at this address; use it, or retire it first. A lost secret is replaced by rotate-secret.");
  private static final Problem LIMIT =
      new Problem(
          409,
          "webhook-limit",
          null,
          "The owner has as many webhooks as it may; retire one first.");
  private static final Problem NOT_ACTIVE =
      new Problem(409, "webhook-state", null, "The webhook is paused or retired.");
  private static final Problem BACKLOG =
      new Problem(409, "webhook-backlog", null, "Too many events wait for this receiver already.");

  private final WebhookStore reading;
  private final WebhookStore writing;
  private final Resolver resolver;
  private final boolean loopback;

  /**
   * @param loopback whether this machine may be a receiver
   */
  public WebhookEndpoint(
      WebhookStore reading, WebhookStore writing, SystemResolver resolver, boolean loopback) {
    this.reading = reading;
    this.writing = writing;
    this.resolver = resolver;
    this.loopback = loopback;
  }

  /** {@code POST /v1/webhooks}: the answer alone has the secret. */
  public void create(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Secret secret = Secret.fresh();
    Calls.answer(
        call,
        Calls.document(call, "a webhook", Draft.FIELDS)
            .map(Draft::of)
            .compose(draft -> reachable(draft).map(draft))
            .compose(draft -> writing.create(draft, secret, by))
            .compose(created -> created(call, created, secret)));
  }

  /** Its address is checked now, and again before each message. */
  private Future<Void> reachable(Draft draft) {
    try {
      Destination to = Destination.of(draft.url(), loopback);
      return resolver
          .resolve(to.host())
          .recover(
              failure ->
                  failure instanceof TimeoutException
                      ? Future.succeededFuture(List.of())
                      : Future.failedFuture(failure))
          .compose(
              addresses -> {
                try {
                  to.choose(addresses);
                  return Future.succeededFuture();
                } catch (Destination.Refused refused) {
                  return Future.failedFuture(notTaken(refused));
                }
              });
    } catch (Destination.Refused refused) {
      return Future.failedFuture(notTaken(refused));
    }
  }

  private static ProblemException notTaken(Destination.Refused refused) {
    return new ProblemException(
        new Problem(422, "webhook-destination", "url", String.valueOf(refused.getMessage())));
  }

  private Future<JsonObject> created(RoutingContext call, Created created, Secret secret) {
    switch (created.outcome()) {
      case "EXISTS" -> throw new ProblemException(EXISTS);
      case "TOO_MANY" -> throw new ProblemException(LIMIT);
      case "UNKNOWN_OWNER" -> throw new ProblemException(Problem.notFound("merchant"));
      default -> call.response().setStatusCode(201);
    }
    call.response().putHeader("Cache-Control", "no-store");
    return shown(created.id()).map(json -> json.put("secret", secret.reveal()));
  }

  private Future<JsonObject> shown(long id) {
    return writing.find(id).map(Objects::requireNonNull);
  }

  /** {@code GET /v1/webhooks}: newest first, a page at a time. */
  public void list(RoutingContext call) {
    Calls.answer(
        call,
        Future.succeededFuture(call.queryParams())
            .map(PageQuery::of)
            .compose(
                query ->
                    ReadDeadline.keep(reading.page(query.owner(), query.state(), query.before()))));
  }

  /** {@code GET /v1/webhooks/{webhookId}}: with what was done with it. */
  public void get(RoutingContext call) {
    Calls.answer(
        call,
        WebhookId.of(call)
            .compose(
                id ->
                    ReadDeadline.keep(
                        reading
                            .find(id)
                            .map(found -> Calls.found(found, "webhook"))
                            .compose(
                                found ->
                                    reading
                                        .history(id)
                                        .map(history -> found.put("history", history))))));
  }

  /** {@code GET /v1/webhooks/{webhookId}/events}: for a receiver that lost some. */
  public void events(RoutingContext call) {
    Calls.answer(
        call,
        WebhookId.of(call)
            .compose(
                id -> {
                  long after = PageQuery.after(call.queryParams().get("after"));
                  return ReadDeadline.keep(
                      reading
                          .find(id)
                          .map(found -> Calls.found(found, "webhook"))
                          .compose(found -> reading.events(id, after))
                          .map(events -> page(events, after)));
                }));
  }

  private static JsonObject page(List<JsonObject> events, long after) {
    long last = events.isEmpty() ? after : events.get(events.size() - 1).getLong("no");
    return new JsonObject().put("events", new JsonArray(events)).put("nextAfter", last);
  }

  /** {@code POST …/pause}. */
  public void pause(RoutingContext call) {
    move(call, "PAUSED");
  }

  /** {@code POST …/resume}: goes on with the message that was last under way. */
  public void resume(RoutingContext call) {
    move(call, "ACTIVE");
  }

  /** {@code POST …/retire}: for good. */
  public void retire(RoutingContext call) {
    move(call, "RETIRED");
  }

  private void move(RoutingContext call, String state) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.noFields(call, "this")
            .compose(read -> WebhookId.of(call))
            .compose(id -> writing.move(id, state, by).compose(outcome -> done(outcome, id))));
  }

  /** {@code POST …/rotate-secret}: the answer alone has the new one. */
  public void rotateSecret(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Secret secret = Secret.fresh();
    call.response().putHeader("Cache-Control", "no-store");
    Calls.answer(
        call,
        Calls.optionalDocument(call, "a new secret", Set.of("endOthers"))
            .map(json -> json.has("endOthers") && json.truth("endOthers"))
            .compose(
                endOthers ->
                    WebhookId.of(call)
                        .compose(
                            id ->
                                writing
                                    .rotate(id, secret, endOthers, by)
                                    .compose(outcome -> done(outcome, id))
                                    .map(json -> json.put("secret", secret.reveal())))));
  }

  /** {@code POST …/redeliver}: sends what comes after a number once more. */
  public void redeliver(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    Calls.answer(
        call,
        Calls.document(call, "where to begin", Set.of("after"))
            .map(json -> json.wholeNumber("after", 0, Long.MAX_VALUE))
            .compose(
                after ->
                    WebhookId.of(call)
                        .compose(
                            id ->
                                writing
                                    .redeliver(id, after, by)
                                    .compose(outcome -> done(outcome, id)))));
  }

  /** {@code POST …/test}: a test event comes behind what waits. */
  public void test(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    call.response().setStatusCode(202);
    Calls.answer(
        call,
        Calls.noFields(call, "a test")
            .compose(read -> WebhookId.of(call))
            .compose(id -> writing.test(id, by).compose(outcome -> done(outcome, id))));
  }

  private Future<JsonObject> done(String outcome, long id) {
    switch (outcome) {
      case "DONE", "UNCHANGED" -> {}
      case "UNKNOWN" -> throw WebhookId.unknown();
      case "BACKLOG" -> throw new ProblemException(BACKLOG);
      case "RANGE" ->
          throw new ProblemException(
              Problem.invalid(
                  "after",
                  "A number is expected that was acknowledged and whose next event is still kept."));
      default -> throw new ProblemException(NOT_ACTIVE);
    }
    return shown(id);
  }
}
