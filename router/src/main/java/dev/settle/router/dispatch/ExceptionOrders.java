package dev.settle.router.dispatch;

import dev.settle.router.binding.Bindings;
import dev.settle.router.credit.ExceptionAction;
import dev.settle.router.dispatch.OrderStore.Running;
import dev.settle.router.dispatch.OrderStore.Step;
import dev.settle.router.dispatch.OrderedPlan.Named;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Rounds;
import dev.settle.router.routing.Routing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what operators ordered of exceptions, in steps of one commit each. Every node runs
 * one. An order has a lease, so that one node works on it and another goes on soon after a crash;
 * that each credit has its turn once does not rest on the lease but on the order's row, which a
 * step locks, and on the outcome of the item, which is written with the act.
 *
 * <p>Holds and hand-overs come first: they wait for no bank. What is released goes to the
 * releaser's dispatcher, no faster than that sends; while it has no room the order waits.
 *
 * <p>A departure that changes under a step is left alone: the step locks its row, passes over what
 * somebody else has locked, and looks again at what it is. Belongs to one event loop.
 */
public final class ExceptionOrders {

  private static final Logger LOG = LoggerFactory.getLogger(ExceptionOrders.class);

  /** What PostgreSQL says of connections, aborted transactions, resources, locks and shutdowns. */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57");

  private final OrderStore store;
  private final Bindings bindings;
  private final Routing routing;
  private final Dispatcher dispatcher;
  private final DispatchMetrics metrics;
  private final Rounds rounds;

  /**
   * @param parts those of {@code dispatcher}
   * @param dispatcher the releaser's, on the same event loop
   */
  public ExceptionOrders(Vertx vertx, DispatchParts parts, Dispatcher dispatcher) {
    this.store = new OrderStore(parts.pool(), parts.owner());
    this.bindings = parts.bindings();
    this.routing = parts.routing();
    this.dispatcher = dispatcher;
    this.metrics = parts.metrics();
    this.rounds =
        new Rounds(vertx, LOG, "orders were not looked at; the next look does", this::round);
  }

  public void start() {
    rounds.start(Limits.EXCEPTION_ORDERS_EVERY);
  }

  /** Takes no more steps; done when the last one is through and what it released is sent. */
  public Future<Void> stop() {
    return rounds.stop().compose(ended -> dispatcher.idle());
  }

  /** A step of each order, again as long as any comes further. */
  private Future<Void> round() {
    return store
        .take()
        .compose(
            orders -> {
              Future<Integer> done = Future.succeededFuture(0);
              for (Running order : orders) {
                if (!releases(order)) {
                  done = done.compose(before -> step(order).map(now -> before + now));
                }
              }
              for (Running order : orders) {
                if (releases(order)) {
                  done = done.compose(before -> step(order).map(now -> before + now));
                }
              }
              return done;
            })
        .compose(done -> done == 0 || rounds.isStopped() ? Future.succeededFuture() : round());
  }

  private static boolean releases(Running order) {
    return order.action() == ExceptionAction.RELEASE || order.action() == ExceptionAction.REROUTE;
  }

  /** How many credits had their turn. One order that cannot go on holds up no other. */
  private Future<Integer> step(Running order) {
    if (rounds.isStopped()) {
      return Future.succeededFuture(0);
    }
    return Future.succeededFuture()
        .compose(start -> releases(order) ? release(order) : store.act(order.orderId()))
        .recover(failure -> failed(order, failure));
  }

  private Future<Integer> failed(Running order, Throwable failure) {
    LOG.warn("a step of order {} failed; it is tried again", order.orderId(), failure);
    return passes(failure)
        ? Future.succeededFuture(0)
        : store.failed(order.orderId()).otherwiseEmpty().map(0);
  }

  /** Whether nothing is wrong with the order: its next step may well succeed. */
  private static boolean passes(Throwable failure) {
    if (failure instanceof PgException refused) {
      String state = refused.getSqlState();
      return state == null || PASSING.contains(state.substring(0, 2));
    }
    return failure instanceof VertxException || !(failure instanceof RuntimeException);
  }

  private Future<Integer> release(Running order) {
    if (dispatcher.queuedCredits() >= Limits.RELEASE_AHEAD) {
      return Future.succeededFuture(0);
    }
    return store
        .next(order.orderId())
        .compose(
            named ->
                bindings
                    .refresh(merchants(named))
                    .map(
                        fresh ->
                            OrderedPlan.decide(
                                order.action(), named, fresh, routing, Instant.now())))
        .compose(plan -> store.release(order.orderId(), plan))
        .onSuccess(this::sendOn)
        .map(Step::done);
  }

  private static Set<String> merchants(List<Named> named) {
    return named.stream().map(one -> one.departure().merchantId()).collect(Collectors.toSet());
  }

  private void sendOn(Step step) {
    Map<String, Integer> reasons = new HashMap<>();
    step.released()
        .verdicts()
        .forEach(verdict -> reasons.merge(verdict.reason().name(), 1, Integer::sum));
    reasons.forEach(metrics::released);
    step.released().batches().forEach(dispatcher::offer);
  }
}
