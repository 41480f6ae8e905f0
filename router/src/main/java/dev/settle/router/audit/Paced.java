package dev.settle.router.audit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that goes on for ever, one bounded step at a time. What can wait takes a small share of the
 * time: after each step comes a pause so many times as long. Belongs to one event loop.
 */
final class Paced {

  private static final Logger LOG = LoggerFactory.getLogger(Paced.class);

  private final Vertx vertx;
  private final String what;
  private final Duration idle;
  private final int share;
  private final Supplier<Future<Boolean>> step;
  private boolean stopped;
  private long timer;
  private Future<Void> last = Future.succeededFuture();

  /**
   * @param what it is, for the log
   * @param idle the pause when there is nothing more to do, and the shortest after a failure
   * @param share pauses are so many times as long as steps; 0: while there is more to do, none is
   * @param step whether there may be more to do at once
   */
  Paced(Vertx vertx, String what, Duration idle, int share, Supplier<Future<Boolean>> step) {
    this.vertx = vertx;
    this.what = what;
    this.idle = idle;
    this.share = share;
    this.step = step;
  }

  void start() {
    next(idle.toMillis());
  }

  /** Begins no more; done when the last step is through. */
  Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return last;
  }

  private void next(long millis) {
    if (!stopped) {
      timer = vertx.setTimer(Math.max(1, millis), tick -> run());
    }
  }

  private void run() {
    long begun = System.nanoTime();
    last =
        step.get()
            .onFailure(
                failure -> LOG.warn("{} stopped on a fault; it goes on later", what, failure))
            .otherwise(false)
            .map(
                more -> {
                  long took = (System.nanoTime() - begun) / 1_000_000;
                  long rest = took * share;
                  next(more ? rest : Math.max(rest, idle.toMillis()));
                  return null;
                });
  }
}
