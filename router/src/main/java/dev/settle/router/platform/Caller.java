package dev.settle.router.platform;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.spi.context.storage.ContextLocal;
import io.vertx.sqlclient.Tuple;
import java.util.Objects;

/**
 * In which role somebody calls, and from where. It travels with the request's context, as a trace
 * does, so that whatever is written for the request can say so: a statement does that takes the
 * name that it writes from {@code called_by}, and ends its parameters with {@link #addTo}.
 *
 * @param role as in tokens
 * @param from the caller's address
 */
public record Caller(String role, String from) {

  /** The router itself: no request is being served. */
  private static final Caller NOBODY = new Caller("", "");

  private static final ContextLocal<Caller> LOCAL = ContextLocal.registerLocal(Caller.class);

  /** Says who calls, for everything that is done in this request's context from now on. */
  public static void is(Caller caller) {
    Vertx.currentContext().putLocal(LOCAL, caller);
  }

  /** Makes room for one in every context; before the first Vert.x is made. */
  static void register() {
    // Whoever calls this has loaded the class, and that has registered it.
    Objects.requireNonNull(LOCAL);
  }

  private static Caller current() {
    Context context = Vertx.currentContext();
    Caller caller = context == null ? null : context.getLocal(LOCAL);
    return caller == null ? NOBODY : caller;
  }

  /** Adds role and address of the present caller to a statement's parameters, at their end. */
  public static Tuple addTo(Tuple parameters) {
    Caller caller = current();
    return parameters.addString(caller.role).addString(caller.from);
  }
}
