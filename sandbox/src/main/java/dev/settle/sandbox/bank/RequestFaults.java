package dev.settle.sandbox.bank;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plays the faults of requests: delays, cut connections, silence and answers that are wrong. */
final class RequestFaults {
  private static final long DRIP_MS = 200;
  private static final List<Fault> BEFORE_BOOKING =
      List.of(Fault.DROP_BEFORE_BOOKING, Fault.HANG_BEFORE_BOOKING, Fault.ERROR_5XX);
  private static final List<Fault> AFTER_BOOKING =
      List.of(
          Fault.HANG,
          Fault.DROP_AFTER_BOOKING,
          Fault.ERROR_5XX_AFTER_BOOKING,
          Fault.WRONG_BODY,
          Fault.SLOW_DRIP);

  private final Vertx vertx;
  private final FaultBoard faults;
  private final Admission admission;

  RequestFaults(Vertx vertx, FaultBoard faults, Admission admission) {
    this.vertx = vertx;
    this.faults = faults;
    this.admission = admission;
  }

  /** Cuts every connection of a bank that is down, except those that steer and audit it. */
  void down(RoutingContext context) {
    String path = context.request().path();
    boolean outside =
        path.startsWith("/faults")
            || path.startsWith("/books")
            || path.equals("/statement")
            || path.equals("/notification-target");
    if (!outside && faults.switched(Fault.DOWN)) {
      Admission.cut(context);
    } else {
      context.next();
    }
  }

  /** Completes when the latency in force has passed: at once when there is none. */
  Future<Void> latency(RoutingContext context) {
    long delay = faults.current().millis(Fault.LATENCY);
    if (delay == 0) {
      return Future.succeededFuture();
    }
    faults.count(Fault.LATENCY);
    return pause(context, delay);
  }

  /** Completes when a request with a transfer to the slow account may be answered. */
  Future<Void> slowness(RoutingContext context, List<Transfer> transfers) {
    FaultSet current = faults.current();
    if (!current.slowsAny() || transfers.stream().noneMatch(t -> current.slows(t.account()))) {
      return Future.succeededFuture();
    }
    faults.count(Fault.SLOW_ACCOUNT);
    return pause(context, current.millis(Fault.SLOW_MS));
  }

  private Future<Void> pause(RoutingContext context, long delayMs) {
    if (delayMs == 0) {
      return Future.succeededFuture();
    }
    admission.hold(context);
    Promise<Void> passed = Promise.promise();
    vertx.setTimer(delayMs, timer -> passed.complete());
    return passed.future();
  }

  /** Plays a fault instead of booking; false when there is none and the request goes on. */
  boolean insteadOfBooking(RoutingContext context) {
    Fault fault = first(BEFORE_BOOKING);
    if (fault == null) {
      return false;
    }
    switch (fault) {
      case DROP_BEFORE_BOOKING -> Admission.cut(context);
      case HANG_BEFORE_BOOKING -> admission.hold(context);
      default -> error(context);
    }
    return true;
  }

  /** Plays a fault instead of the right answer; false when there is none. */
  boolean insteadOfAnswer(RoutingContext context, TransferAnswer answer) {
    Fault fault = first(AFTER_BOOKING);
    if (fault == null) {
      return false;
    }
    switch (fault) {
      case HANG -> admission.hold(context);
      case DROP_AFTER_BOOKING -> Admission.cut(context);
      case ERROR_5XX_AFTER_BOOKING -> error(context);
      case WRONG_BODY -> Answers.json(context, answer.wrong(faults.choose(TransferAnswer.WRONGS)));
      default -> drip(context, answer.right());
    }
    return true;
  }

  /** Never answers. */
  void silence(RoutingContext context) {
    admission.hold(context);
  }

  /** Answers 500 to an enquiry when that fault hits. */
  boolean insteadOfEnquiry(RoutingContext context) {
    boolean fails = faults.fires(Fault.ENQUIRY_ERROR);
    if (fails) {
      error(context);
    }
    return fails;
  }

  private @Nullable Fault first(List<Fault> tried) {
    for (Fault fault : tried) {
      if (faults.fires(fault)) {
        return fault;
      }
    }
    return null;
  }

  private static void error(RoutingContext context) {
    Answers.problem(context, 500, "internal", null, "the bank failed, as it was told to");
  }

  private void drip(RoutingContext context, Buffer body) {
    admission.hold(context);
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Type", "application/json")
        .putHeader("Content-Length", Integer.toString(body.length()));
    dripFrom(response, body, 0);
  }

  private void dripFrom(HttpServerResponse response, Buffer body, int at) {
    if (response.closed()) {
      return;
    }
    if (at == body.length()) {
      response.end();
      return;
    }
    response.write(body.getBuffer(at, at + 1));
    vertx.setTimer(DRIP_MS, next -> dripFrom(response, body, at + 1));
  }
}
