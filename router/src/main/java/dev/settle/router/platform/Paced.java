package dev.settle.router.platform;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Work that goes on for ever, one bounded step at a time. What can wait takes a small share of the
 * time: after each step comes a pause so many times as long. Belongs to one event loop.
 */
public final class Paced {

  private final Vertx vertx;
  private final Logger log;
  private final String whenOneFails;
  private final Duration idle;
  private final @Nullable Duration longest;
  private final int share;
  private final Supplier<Future<Boolean>> step;
  private boolean stopped;
  private long timer;
  private Future<Void> last = Future.succeededFuture();

  /**
   * @param log of whose work it is
   * @param whenOneFails what it says then
   * @param idle the pause when there is nothing more to do, and the shortest after a failure
   * @param longest no pause is longer; null: none is too long
   * @param share pauses are so many times as long as steps; 0: while there is more to do, none is
   * @param step whether there may be more to do at once
   */
  public Paced(
      Vertx vertx,
      Logger log,
      String whenOneFails,
      Duration idle,
      @Nullable Duration longest,
      int share,
      Supplier<Future<Boolean>> step) {
    this.vertx = vertx;
    this.log = log;
    this.whenOneFails = whenOneFails;
    this.idle = idle;
    this.longest = longest;
    this.share = share;
    this.step = step;
  }

  /** Begins with a pause. */
  public void start() {
    next(idle);
  }

  /** Begins no more; done when the last step is through. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return last;
  }

  /**
   * How long to rest after a step.
   *
   * @param more whether there may be more to do at once
   */
  Duration pause(Duration took, boolean more) {
    Duration rest = took.multipliedBy(share);
    if (!more && rest.compareTo(idle) < 0) {
      return idle;
    }
    return longest != null && rest.compareTo(longest) > 0 ? longest : rest;
  }

  private void next(Duration pause) {
    if (!stopped) {
      timer = vertx.setTimer(Math.max(1, pause.toMillis()), tick -> run());
    }
  }

  private void run() {
    long begun = System.nanoTime();
    last =
        Future.<Void>succeededFuture()
            // What is thrown is a failure, too: the next step comes all the same.
            .compose(begin -> step.get())
            .onFailure(failure -> log.warn(whenOneFails, failure))
            .otherwise(false)
            .map(
                more -> {
                  next(pause(Duration.ofNanos(System.nanoTime() - begun), more));
                  return null;
                });
  }
}
