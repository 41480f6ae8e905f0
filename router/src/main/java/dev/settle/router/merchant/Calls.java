package dev.settle.router.merchant;

import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the calls about one merchant or account take their documents and are answered. */
final class Calls {

  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  private Calls() {}

  /** The call's document, a JSON object with no other fields than these. */
  static Future<JsonDocument> document(RoutingContext call, String what, Set<String> fields) {
    if (!Bodies.isOf(call.request(), "application/json")) {
      return Future.failedFuture(
          new ProblemException(
              new Problem(
                  415, "unsupported-media-type", null, "Send Content-Type: application/json.")));
    }
    return Bodies.read(call.request(), Limits.BODY_BYTES)
        .map(body -> JsonDocument.read(body.getBytes(), what, fields));
  }

  /** The merchant that the path names; a 404 where no merchant can have that id. */
  static String merchantId(RoutingContext call) {
    String merchantId = call.pathParam("merchantId");
    if (!MerchantReader.isMerchantId(merchantId)) {
      throw new ProblemException(Problem.notFound("merchant"));
    }
    return merchantId;
  }

  /** What was found, or a 404 that says what was not. */
  static <T> T found(@Nullable T found, String what) {
    if (found == null) {
      throw new ProblemException(Problem.notFound(what));
    }
    return found;
  }

  /** Answers with the document that {@code answer} gives, or with the problem it failed with. */
  static void answer(RoutingContext call, Future<JsonObject> answer) {
    answer.onSuccess(call::json).onFailure(failure -> problem(failure).answer(call.request()));
  }

  private static Problem problem(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    LOG.error("a call about a merchant failed", failure);
    return Problem.UNCERTAIN;
  }
}
