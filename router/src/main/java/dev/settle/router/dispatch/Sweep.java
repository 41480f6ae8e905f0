package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchState;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.Rails;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every second: renews this node's lease, and takes over open batches that nobody moves, of dead
 * nodes or of this one.
 *
 * <p>A batch that was only RECORDED is claimed like any other. One that was SENT or is IN_DOUBT may
 * have been paid: it is sent again under the same end-to-end ids where the rail promises to execute
 * those once, and left for a person where not.
 */
public final class Sweep {

  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  /** A full catch means that there is more: the next is taken as soon as this one is through. */
  private static final long AGAIN_MILLIS = 20;

  private final Vertx vertx;
  private final NodeLease lease;
  private final Dispatcher dispatcher;
  private final Rails rails;
  private final InMemory inMemory;
  private long timer;
  private boolean running;
  private boolean moreToTake;
  private Future<Void> lastRun = Future.succeededFuture();

  /**
   * @param dispatcher this sweep's own, on the same event loop
   */
  public Sweep(
      Vertx vertx, NodeLease lease, Dispatcher dispatcher, Rails rails, InMemory inMemory) {
    this.vertx = vertx;
    this.lease = lease;
    this.dispatcher = dispatcher;
    this.rails = rails;
    this.inMemory = inMemory;
  }

  public void start() {
    timer = vertx.setPeriodic(Limits.SWEEP_EVERY.toMillis(), tick -> runOnce());
  }

  /** Stops taking; done when the run under way has ended. */
  public Future<Void> stop() {
    vertx.cancelTimer(timer);
    return lastRun;
  }

  private void runOnce() {
    if (running) {
      return;
    }
    running = true;
    lastRun =
        lease
            .renew()
            .compose(renewed -> takeOver())
            .onFailure(failure -> LOG.warn("a sweep failed; the next one tries again", failure))
            .otherwiseEmpty()
            .eventually(
                () -> {
                  running = false;
                  return Future.succeededFuture();
                });
  }

  /** While the last catch is still on its way there is no use in another. */
  private Future<Void> takeOver() {
    if (!dispatcher.isIdle()) {
      againSoon();
      return Future.succeededFuture();
    }
    return dispatcher
        .store()
        .takeOver(inMemory.all(), Limits.SWEEP_BATCHES)
        .map(
            batches -> {
              offer(batches);
              moreToTake = batches.size() == Limits.SWEEP_BATCHES;
              againSoon();
              return null;
            });
  }

  private void againSoon() {
    if (moreToTake) {
      vertx.setTimer(AGAIN_MILLIS, tick -> runOnce());
    }
  }

  private void offer(List<Batch> batches) {
    if (!batches.isEmpty()) {
      LOG.info("took over {} batches that nobody moved", batches.size());
    }
    for (Batch batch : batches) {
      Rail rail = rails.named(batch.rail());
      boolean maySend =
          batch.state() == BatchState.RECORDED
              || (rail != null && rail.capabilities().idempotentResend());
      if (maySend) {
        dispatcher.offer(batch);
      } else {
        LOG.warn(
            "batch {} is in doubt and rail {} cannot be asked again",
            batch.batchId(),
            batch.rail());
      }
    }
  }
}
