package dev.settle.sandbox.bank;

import io.vertx.ext.web.RoutingContext;

/**
 * Bounds the requests that are under way. Those that a fault keeps waiting are counted apart, so
 * that a bank that hangs can still be told to stop hanging.
 */
final class Admission {
  /** Requests that may be worked on at once; more are answered 503. */
  static final int MAX_REQUESTS = 256;

  /** Requests that faults may keep waiting at once; more are cut off. */
  static final int MAX_HELD = 4_096;

  private static final String HELD = Admission.class.getName();

  private int requests;
  private int held;

  void admit(RoutingContext context) {
    if (requests >= MAX_REQUESTS) {
      Answers.problem(context, 503, "busy", null, "too many requests are under way");
      return;
    }
    requests++;
    context.addEndHandler(ended -> leave(context));
    context.next();
  }

  /** Counts a request among those that wait for a fault; cut off when there are too many. */
  void hold(RoutingContext context) {
    if (context.get(HELD) != null || context.response().closed()) {
      return;
    }
    if (held >= MAX_HELD) {
      cut(context);
      return;
    }
    context.put(HELD, Boolean.TRUE);
    held++;
    requests--;
  }

  private void leave(RoutingContext context) {
    if (context.get(HELD) == null) {
      requests--;
    } else {
      held--;
    }
  }

  /** Closes the request's connection without an answer. */
  static void cut(RoutingContext context) {
    context.request().connection().close();
  }
}
