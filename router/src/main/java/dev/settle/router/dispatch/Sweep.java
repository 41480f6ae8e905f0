package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rails;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every second: renews this node's lease, and takes over open batches that nobody moves, of dead
 * nodes or of this one.
 *
 * <p>A batch that was only RECORDED is claimed like any other. One that was SENT or is IN_DOUBT may
 * have been paid: the bank is asked, or, where it cannot be, it is sent again under the same
 * end-to-end ids if the rail promises to execute those once; and left for a person where not.
 */
public final class Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  /** A full catch means that there is more: the next is taken as soon as this one is through. */
  private static final long AGAIN_MILLIS = 20;

  private final Vertx vertx;
  private final NodeLease lease;
  private final Dispatcher dispatcher;
  private final DispatchStore store;
  private final Rails rails;
  private final InMemory inMemory;
  private long timer;
  private boolean stopped;
  private boolean running;
  private boolean moreToTake;
  private boolean againScheduled;
  private Future<Void> lastRun = Future.succeededFuture();

  /**
   * @param parts of {@code dispatcher}, which is this sweep's own, on the same event loop
   */
  public Sweep(Vertx vertx, NodeLease lease, Dispatcher dispatcher, DispatchParts parts) {
    this.vertx = vertx;
    this.lease = lease;
    this.dispatcher = dispatcher;
    this.store = new DispatchStore(parts.pool(), parts.owner());
    this.rails = parts.rails();
    this.inMemory = parts.inMemory();
  }

  public void start() {
    timer =
        vertx.setPeriodic(
            Limits.SWEEP_EVERY.toMillis(),
            tick -> run(() -> lease.renew().compose(renewed -> takeOver())));
  }

  /**
   * Stops taking, and renewing the lease; done when what was taken is through, or after {@link
   * Limits#DRAIN}.
   */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return lastRun.compose(ended -> dispatcher.idle());
  }

  private void run(Supplier<Future<Void>> work) {
    if (running || stopped) {
      return;
    }
    running = true;
    lastRun =
        Future.succeededFuture()
            .compose(start -> work.get())
            .onFailure(failure -> LOG.warn("a sweep failed; the next one tries again", failure))
            .otherwiseEmpty()
            .eventually(
                () -> {
                  running = false;
                  return Future.succeededFuture();
                });
  }

  /**
   * While the last catch is still on its way there is no use in another; but nothing waits for what
   * a bank is slow with.
   */
  private Future<Void> takeOver() {
    if (!dispatcher.isFree()) {
      againSoon();
      return Future.succeededFuture();
    }
    return store
        .takeOver(inMemory.all(), dispatcher.shut(), Limits.SWEEP_BATCHES)
        .compose(
            batches -> {
              moreToTake = batches.size() == Limits.SWEEP_BATCHES;
              againSoon();
              return offer(batches);
            });
  }

  private void againSoon() {
    if (moreToTake && !againScheduled) {
      againScheduled = true;
      vertx.setTimer(
          AGAIN_MILLIS,
          tick -> {
            againScheduled = false;
            run(this::takeOver);
          });
    }
  }

  /** What cannot be sent is put off, so that it does not fill every catch before what can. */
  private Future<Void> offer(List<Batch> batches) {
    if (batches.isEmpty()) {
      return Future.succeededFuture();
    }
    LOG.info("took over {} batches that nobody moved", batches.size());
    List<Batch> stuck = new ArrayList<>();
    List<Batch> later = new ArrayList<>();
    for (Batch batch : batches) {
      if (rails.named(batch.rail()) != null) {
        if (!dispatcher.offerLetThrough(batch)) {
          later.add(batch);
        }
      } else {
        LOG.warn(
            "batch {} is {} and this node has no rail {}",
            batch.batchId(),
            batch.state(),
            batch.rail());
        stuck.add(batch);
      }
    }
    return putOff(stuck, Limits.ENQUIRY_PAUSE_MAX)
        .compose(put -> putOff(later, Limits.DIVERT_PAUSE));
  }

  private Future<Void> putOff(List<Batch> batches, Duration pause) {
    return batches.isEmpty() ? Future.succeededFuture() : store.putOff(batches, pause);
  }
}
