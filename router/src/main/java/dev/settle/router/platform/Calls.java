package dev.settle.router.platform;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How calls about one thing take their documents and are answered. */
public final class Calls {

  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  private Calls() {}

  /** The body, which has to be JSON by its media type: a 415 otherwise. */
  public static Future<Buffer> json(RoutingContext call) {
    return Bodies.isOf(call.request(), "application/json")
        ? Bodies.read(call.request(), Limits.BODY_BYTES)
        : Future.failedFuture(
            new ProblemException(
                new Problem(
                    415, "unsupported-media-type", null, "Send Content-Type: application/json.")));
  }

  /** The call's document, a JSON object with no other fields than these. */
  public static Future<JsonDocument> document(
      RoutingContext call, String what, Set<String> fields) {
    return json(call).map(body -> JsonDocument.read(body.getBytes(), what, fields));
  }

  /** Reads a body that may be left out and has no fields, for example {@code an approval}. */
  public static Future<Void> noFields(RoutingContext call, String what) {
    return optionalDocument(call, what, Set.of()).mapEmpty();
  }

  /** The same of a body that may be left out, and may have these fields. */
  public static Future<JsonDocument> optionalDocument(
      RoutingContext call, String what, Set<String> fields) {
    return Bodies.read(call.request(), Limits.BODY_BYTES)
        .map(body -> JsonDocument.readOptional(body.getBytes(), what, fields));
  }

  /** What was found, or a 404 that says what was not. */
  public static <T> T found(@Nullable T found, String what) {
    if (found == null) {
      throw new ProblemException(Problem.notFound(what));
    }
    return found;
  }

  /**
   * Answers with the document that {@code answer} gives, by the status that the response has, or
   * with the problem it failed with.
   */
  public static void answer(RoutingContext call, Future<JsonObject> answer) {
    answer
        .onSuccess(call::json)
        .onFailure(failure -> problem(call, failure).answer(call.request()));
  }

  private static Problem problem(RoutingContext call, Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    LOG.error("{} {} failed", call.request().method(), call.currentRoute().getPath(), failure);
    return Problem.UNCERTAIN;
  }
}
