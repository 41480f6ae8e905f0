package dev.settle.demo;

import dev.settle.demo.display.Screen;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Waits after the last sale until credits have got where they can: posted, or held for good.
 * Blocking.
 */
final class Drain {

  /** How long credits that are on their way may take. */
  private static final Duration MOST = Duration.ofSeconds(60);

  /**
   * How long held credits are waited for while none of them moves. The router releases them about a
   * second after their route is good again; some may be held for good, because whoever drove the
   * demo from outside left an account frozen.
   */
  private static final Duration RELEASE = Duration.ofSeconds(5);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final Book book;
  private final Screen screen;
  private final StopSignal stop;
  private final long end = System.nanoTime() + MOST.toNanos();
  private long underWay;
  private long held;
  private long lastMove = System.nanoTime();

  Drain(Book book, Screen screen, StopSignal stop) {
    this.book = book;
    this.screen = screen;
    this.stop = stop;
  }

  /** Waits; looks only once unless {@code routerWorks}. */
  void await(boolean routerWorks) throws SQLException, InterruptedException {
    for (look(); isWorthWaiting(); look()) {
      if (!routerWorks || stop.hurried() || System.nanoTime() - end > 0) {
        screen.endLive();
        screen.warn(
            underWay + held + " credits are not posted yet; they stay so and are counted as such");
        return;
      }
      stop.awaitHurry(LOOK_EVERY);
    }
    screen.endLive();
  }

  private void look() throws SQLException {
    long nowUnderWay = book.underWay();
    long nowHeld = book.waitingForRoute();
    if (nowUnderWay == underWay && nowHeld == held) {
      return;
    }
    underWay = nowUnderWay;
    held = nowHeld;
    lastMove = System.nanoTime();
    screen.progress(
        "Draining: " + underWay + " credits queued or at the bank, " + held + " held …");
  }

  private boolean isWorthWaiting() {
    return underWay > 0 || (held > 0 && System.nanoTime() - lastMove < RELEASE.toNanos());
  }
}
