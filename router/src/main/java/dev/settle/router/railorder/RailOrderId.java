package dev.settle.router.railorder;

import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.OptionalLong;

/** The public text of a rail order's id: {@code RO} and the number in base 32. */
final class RailOrderId {

  private static final int RADIX = 32;

  private RailOrderId() {}

  static String text(long id) {
    return "RO" + Long.toString(id, RADIX).toUpperCase(Locale.ROOT);
  }

  /** The id that {@code text} stands for; empty when it stands for none. */
  static OptionalLong parse(String text) {
    return text.matches("RO[0-9A-V]{1,12}")
        ? OptionalLong.of(Long.parseLong(text.substring(2), RADIX))
        : OptionalLong.empty();
  }

  /** The order that the call's path names; a 404 where it can name none. */
  static Future<Long> of(RoutingContext call) {
    OptionalLong id = parse(call.pathParam("orderId"));
    return id.isPresent() ? Future.succeededFuture(id.getAsLong()) : Future.failedFuture(unknown());
  }

  static ProblemException unknown() {
    return new ProblemException(Problem.notFound("rail order"));
  }
}
