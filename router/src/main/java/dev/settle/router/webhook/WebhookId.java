package dev.settle.router.webhook;

import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.OptionalLong;

/** The public text of a webhook's id: {@code WH} and the number in base 32. */
final class WebhookId {

  private static final int RADIX = 32;

  private WebhookId() {}

  static String text(long id) {
    return "WH" + Long.toString(id, RADIX).toUpperCase(Locale.ROOT);
  }

  /** The id that {@code text} stands for; empty when it stands for none. */
  static OptionalLong parse(String text) {
    return text.matches("WH[0-9A-V]{1,12}")
        ? OptionalLong.of(Long.parseLong(text.substring(2), RADIX))
        : OptionalLong.empty();
  }

  /** The webhook that the call's path names; a 404 where it can name none. */
  static Future<Long> of(RoutingContext call) {
    OptionalLong id = parse(call.pathParam("webhookId"));
    return id.isPresent() ? Future.succeededFuture(id.getAsLong()) : Future.failedFuture(unknown());
  }

  static ProblemException unknown() {
    return new ProblemException(Problem.notFound("webhook"));
  }
}
