package dev.settle.router.cardchange;

import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the calls of this package share: bodies and ids in, answers and problems out. */
final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /** The body, which has to be JSON. */
  static Future<Buffer> json(RoutingContext call) {
    return Bodies.isOf(call.request(), "application/json")
        ? Bodies.read(call.request(), Limits.BODY_BYTES)
        : Future.failedFuture(
            new ProblemException(
                new Problem(
                    415, "unsupported-media-type", null, "Send Content-Type: application/json.")));
  }

  /** The change that the path names. */
  static Future<Long> changeId(RoutingContext call) {
    OptionalLong id = ChangeId.parse(call.pathParam("cardChangeId"));
    return id.isPresent() ? Future.succeededFuture(id.getAsLong()) : Future.failedFuture(unknown());
  }

  static ProblemException unknown() {
    return new ProblemException(Problem.notFound("card change"));
  }

  static void send(RoutingContext call, Future<JsonObject> answer) {
    answer
        .onSuccess(
            json ->
                call.response().putHeader("Content-Type", "application/json").end(json.toBuffer()))
        .onFailure(failure -> problem(failure).answer(call.request()));
  }

  private static Problem problem(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    LOG.error("a card change failed", failure);
    return Problem.UNCERTAIN;
  }
}
