package dev.settle.router.cardchange;

import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.OptionalLong;

/** The public text of a card change's id: {@code CC} and the number in base 32. */
public final class ChangeId {

  private ChangeId() {}

  public static String text(long id) {
    return "CC" + Long.toString(id, 32).toUpperCase(Locale.ROOT);
  }

  /** The change that the call's path names; a 404 where it can name none. */
  static Future<Long> of(RoutingContext call) {
    OptionalLong id = parse(call.pathParam("cardChangeId"));
    return id.isPresent() ? Future.succeededFuture(id.getAsLong()) : Future.failedFuture(unknown());
  }

  static ProblemException unknown() {
    return new ProblemException(Problem.notFound("card change"));
  }

  /** The id that {@code text} stands for; empty when it stands for none. */
  public static OptionalLong parse(String text) {
    if (!text.matches("CC[0-9A-V]{1,12}")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(text.substring(2), 32));
  }
}
