package dev.settle.router.credit;

import dev.settle.router.access.AccessHandler;
import dev.settle.router.platform.Bodies;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/credits/{creditId}/release}: an operator decides that a credit of a terminal that
 * is not registered for its merchant is the merchant's all the same.
 */
public final class ReleaseEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseEndpoint.class);
  private static final Pattern REASON =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,200}");
  private static final Problem NOT_HELD =
      new Problem(
          409,
          "not-held",
          null,
          "The credit is not held for its terminal; nothing is to be ordered.");

  private final CreditStore credits;

  public ReleaseEndpoint(CreditStore credits) {
    this.credits = credits;
  }

  /** Orders the release; it is carried out within seconds, by any node. */
  public void order(RoutingContext call) {
    OptionalLong id = CreditId.parse(call.pathParam("creditId"));
    String by = AccessHandler.caller(call).subject();
    Bodies.read(call.request(), Limits.BODY_BYTES)
        .map(body -> reason(call, body.getBytes()))
        .compose(
            reason ->
                id.isEmpty()
                    ? Future.<@Nullable Boolean>succeededFuture(null)
                    : credits.orderRelease(id.getAsLong(), by, reason))
        .map(ordered -> answer(call, ordered))
        .onSuccess(call::json)
        .onFailure(failure -> problem(failure).answer(call.request()));
  }

  private static String reason(RoutingContext call, byte[] body) {
    if (!Bodies.isOf(call.request(), "application/json")) {
      throw new ProblemException(
          new Problem(415, "unsupported-media-type", null, "Send Content-Type: application/json."));
    }
    return JsonDocument.read(body, "a release", Set.of("reason"))
        .plain("reason", REASON, "1 to 200 printable characters are expected.");
  }

  private static JsonObject answer(RoutingContext call, @Nullable Boolean ordered) {
    if (ordered == null) {
      throw new ProblemException(Problem.notFound("credit"));
    }
    if (!ordered) {
      throw new ProblemException(NOT_HELD);
    }
    return new JsonObject()
        .put("creditId", call.pathParam("creditId"))
        .put("outcome", "RELEASE_ORDERED");
  }

  private static Problem problem(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    LOG.error("a release could not be ordered", failure);
    return Problem.UNCERTAIN;
  }
}
