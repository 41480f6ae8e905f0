package dev.settle.router.platform;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Work that comes again and again, one round at a time: a round that takes longer than the pause is
 * not met by the next, and one that fails is said and followed by the next. Belongs to one event
 * loop.
 */
public final class Rounds {

  private final Vertx vertx;
  private final Logger log;
  private final String whenOneFails;
  private final Supplier<Future<Void>> round;
  private long timer;
  private boolean stopped;
  private boolean running;
  private Future<Void> last = Future.succeededFuture();

  /**
   * @param log of whose work it is
   * @param whenOneFails what it says then
   * @param round asks {@link #isStopped} where it may end early
   */
  public Rounds(Vertx vertx, Logger log, String whenOneFails, Supplier<Future<Void>> round) {
    this.vertx = vertx;
    this.log = log;
    this.whenOneFails = whenOneFails;
    this.round = round;
  }

  /** Begins a round so often. */
  public void start(Duration every) {
    timer = vertx.setPeriodic(every.toMillis(), tick -> run());
  }

  /** Begins no more; done when the last one is through. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return last;
  }

  /** Whether no more is to be begun. */
  public boolean isStopped() {
    return stopped;
  }

  private void run() {
    if (running || stopped) {
      return;
    }
    running = true;
    last =
        Future.succeededFuture()
            .compose(start -> round.get())
            .onFailure(failure -> log.warn(whenOneFails, failure))
            .otherwiseEmpty()
            .eventually(
                () -> {
                  running = false;
                  return Future.succeededFuture();
                });
  }
}
