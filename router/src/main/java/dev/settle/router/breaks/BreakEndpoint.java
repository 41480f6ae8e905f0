package dev.settle.router.breaks;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import dev.settle.router.platform.ReadDeadline;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What needs a person: the list of breaks, and the word that ends one. */
public final class BreakEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(BreakEndpoint.class);

  /** Not blank, and nothing that does not print. */
  private static final Pattern NOTE =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,500}");

  private static final Problem CLOSED_BEFORE =
      new Problem(
          409,
          "break-closed",
          null,
          "The break was closed before, by somebody else or with another note; nothing has changed.");

  private final BreakStore reading;
  private final BreakStore writing;

  public BreakEndpoint(BreakStore reading, BreakStore writing) {
    this.reading = reading;
    this.writing = writing;
  }

  /** {@code GET /v1/breaks}: newest first, a page at a time. */
  public void list(RoutingContext call) {
    answer(
        call,
        Future.succeededFuture(call.queryParams())
            .map(parameters -> BreakQuery.read(parameters::get))
            .compose(query -> ReadDeadline.keep(reading.page(query))));
  }

  /** {@code POST /v1/breaks/{breakId}/close} with a {@code note}: answered with the break. */
  public void close(RoutingContext call) {
    String by = AccessHandler.caller(call).subject();
    answer(
        call,
        note(call)
            .compose(
                note ->
                    breakId(call)
                        .compose(
                            id ->
                                writing
                                    .close(id, by, note)
                                    .compose(outcome -> closed(id, outcome)))));
  }

  private Future<JsonObject> closed(long breakId, @Nullable String outcome) {
    if (outcome == null) {
      return Future.failedFuture(unknown());
    }
    if (outcome.equals("OTHERWISE")) {
      return Future.failedFuture(new ProblemException(CLOSED_BEFORE));
    }
    return writing.find(breakId).map(Objects::requireNonNull);
  }

  private static Future<String> note(RoutingContext call) {
    if (!Bodies.isOf(call.request(), "application/json")) {
      return Future.failedFuture(
          new ProblemException(
              new Problem(
                  415, "unsupported-media-type", null, "Send Content-Type: application/json.")));
    }
    return Bodies.read(call.request(), Limits.BODY_BYTES)
        .map(body -> JsonDocument.read(body.getBytes(), "the end of a break", Set.of("note")))
        .map(json -> json.plain("note", NOTE, "1 to 500 printable characters are expected."));
  }

  private static Future<Long> breakId(RoutingContext call) {
    OptionalLong id = BreakId.parse(call.pathParam("breakId"));
    return id.isPresent() ? Future.succeededFuture(id.getAsLong()) : Future.failedFuture(unknown());
  }

  private static ProblemException unknown() {
    return new ProblemException(Problem.notFound("break"));
  }

  private static void answer(RoutingContext call, Future<JsonObject> answer) {
    answer.onSuccess(call::json).onFailure(failure -> problem(failure).answer(call.request()));
  }

  private static Problem problem(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    LOG.error("a call about breaks failed", failure);
    return Problem.UNCERTAIN;
  }
}
