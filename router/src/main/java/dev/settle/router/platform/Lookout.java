package dev.settle.router.platform;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Looks at something again and again: so often, and at once when somebody says that it changed. One
 * look at a time; what is said meanwhile is looked at afterwards. A look that fails is said and
 * followed by the next. Belongs to one event loop.
 */
public final class Lookout {

  private final Vertx vertx;
  private final Logger log;
  private final String whenOneFails;
  private final Supplier<Future<Void>> look;
  private boolean looking;
  private boolean again;

  /**
   * @param log of whose looks these are
   * @param whenOneFails what it says then
   */
  public Lookout(Vertx vertx, Logger log, String whenOneFails, Supplier<Future<Void>> look) {
    this.vertx = vertx;
    this.log = log;
    this.whenOneFails = whenOneFails;
    this.look = look;
  }

  /**
   * Looks from now on so often. Ends as the first look does, which waits for none of the others.
   */
  public Future<Void> start(Duration every) {
    vertx.setPeriodic(every.toMillis(), tick -> now());
    return look.get();
  }

  /** Looks now, or, while it looks, afterwards. */
  public void now() {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    look.get()
        .onFailure(failure -> log.warn(whenOneFails, failure))
        .onComplete(
            done -> {
              looking = false;
              if (again) {
                again = false;
                now();
              }
            });
  }
}
