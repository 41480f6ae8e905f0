package dev.settle.router.dispatch;

import dev.settle.router.binding.Bindings;
import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.dispatch.ReleaseStore.Look;
import dev.settle.router.dispatch.ReleaseStore.Released;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Rounds;
import dev.settle.router.routing.Routing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets credits go on that were held, or that a bank refused or returned, when their merchant's
 * route has become good, or when the time has come to try again. Nothing has to tell it so: every
 * open departure carries the version it was decided by, and this looks every second for those that
 * are older than their merchant's.
 *
 * <p>A run is a row of turns. Each takes some merchants, the next in a circle, a share of credits
 * for each, the oldest first, and decides all of them in one commit; so a merchant with a hundred
 * thousand held credits delays no other. It releases no faster than its dispatcher sends, one
 * consignment at a time, so sales of the day keep their place at the bank.
 *
 * <p>No fence is needed here: the claim looks at the versions again. Nodes may run this at once;
 * what one has in hand the others pass over. Belongs to one event loop.
 */
public final class Releaser {

  private static final Logger LOG = LoggerFactory.getLogger(Releaser.class);
  private static final long WAIT_MILLIS = 5;

  private final Vertx vertx;
  private final ReleaseStore store;
  private final Bindings bindings;
  private final Routing routing;
  private final Dispatcher dispatcher;
  private final DispatchMetrics metrics;

  /** How far each merchant's departures have been gone through, while there are more. */
  private final Map<String, Long> wayThrough = new HashMap<>();

  private String lastMerchant = "";

  /**
   * How far the look has come for what waits for another rail: this node may have one that the last
   * one had not. Null: done.
   */
  private @Nullable Long forOtherRails = 0L;

  private final Rounds rounds;

  /**
   * @param parts those of {@code dispatcher}
   * @param dispatcher this releaser's own, on the same event loop, with one consignment at once
   */
  public Releaser(Vertx vertx, DispatchParts parts, Dispatcher dispatcher) {
    this.vertx = vertx;
    this.store = new ReleaseStore(parts.pool(), parts.owner());
    this.bindings = parts.bindings();
    this.routing = parts.routing();
    this.dispatcher = dispatcher;
    this.metrics = parts.metrics();
    this.rounds =
        new Rounds(
            vertx,
            LOG,
            "a release failed; the next one tries again",
            () -> lookForOtherRails().compose(looked -> turns(Limits.RELEASE_LOOKS)));
  }

  public void start() {
    rounds.start(Limits.RELEASE_EVERY);
  }

  /** Releases no more; done when what was released is through, or after {@link Limits#DRAIN}. */
  public Future<Void> stop() {
    return rounds.stop().compose(ended -> dispatcher.idle());
  }

  private Future<Void> lookForOtherRails() {
    return forOtherRails == null
        ? Future.succeededFuture()
        : store.lookForOtherRails(forOtherRails).onSuccess(last -> forOtherRails = last).mapEmpty();
  }

  /** Turns until nothing is due, or the dispatcher takes no more. */
  private Future<Void> turns(int looksInVain) {
    if (looksInVain == 0 || rounds.isStopped()) {
      return Future.succeededFuture();
    }
    return room(System.nanoTime() + Limits.RELEASE_PATIENCE.toNanos())
        .compose(isRoom -> isRoom ? turn(looksInVain) : Future.succeededFuture());
  }

  private Future<Boolean> room(long deadline) {
    if (dispatcher.queuedCredits() < Limits.RELEASE_AHEAD) {
      return Future.succeededFuture(true);
    }
    if (rounds.isStopped() || System.nanoTime() > deadline) {
      return Future.succeededFuture(false);
    }
    return vertx.timer(WAIT_MILLIS, TimeUnit.MILLISECONDS).compose(tick -> room(deadline));
  }

  private Future<Void> turn(int looksInVain) {
    boolean fromTheStart = lastMerchant.isEmpty();
    return store
        .look(lastMerchant)
        .compose(
            look -> {
              lastMerchant = look.last() == null ? "" : look.last();
              if (!look.due().isEmpty()) {
                return release(look)
                    .compose(
                        decided -> turns(decided > 0 ? Limits.RELEASE_LOOKS : looksInVain - 1));
              }
              if (look.last() == null && fromTheStart) {
                // Once around without anything due is the end.
                wayThrough.clear();
                return Future.succeededFuture();
              }
              return turns(looksInVain - 1);
            });
  }

  /** How many departures were decided. */
  private Future<Integer> release(Look look) {
    int share = Limits.RELEASE_CREDITS / look.due().size();
    return bindings
        .refresh(look.due())
        .compose(
            fresh ->
                store
                    .departures(List.copyOf(fresh.values()), wayThrough, share)
                    .compose(departures -> release(departures, fresh, share)));
  }

  private Future<Integer> release(
      List<OpenDeparture> departures, Map<String, MerchantRoute> fresh, int share) {
    keepWay(departures, fresh, share);
    if (departures.isEmpty()) {
      return Future.succeededFuture(0);
    }
    return store
        .release(ReleasePlan.decide(departures, fresh, routing, Instant.now()))
        .onSuccess(this::sendOn)
        .map(released -> departures.size());
  }

  /** A merchant whose share was full has more; the others begin anew when they are due again. */
  private void keepWay(
      List<OpenDeparture> departures, Map<String, MerchantRoute> fresh, int share) {
    Map<String, List<Long>> credits = new HashMap<>();
    for (OpenDeparture departure : departures) {
      credits
          .computeIfAbsent(departure.merchantId(), id -> new ArrayList<>())
          .add(departure.creditId());
    }
    for (String merchantId : fresh.keySet()) {
      List<Long> taken = credits.getOrDefault(merchantId, List.of());
      if (taken.size() == share) {
        wayThrough.put(merchantId, taken.get(share - 1));
      } else {
        wayThrough.remove(merchantId);
      }
    }
  }

  private void sendOn(Released released) {
    Map<String, Integer> reasons = new HashMap<>();
    released.verdicts().forEach(verdict -> reasons.merge(verdict.reason().name(), 1, Integer::sum));
    reasons.forEach(metrics::released);
    released.batches().forEach(dispatcher::offer);
  }
}
