package dev.settle.demo.story;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The end of the play: once it falls, pauses are over and whatever is open has a bounded time to
 * end. Safe for several threads.
 */
final class Curtain {

  private final CountDownLatch falling = new CountDownLatch(1);
  private volatile long down;

  /** Lets it fall; it is down {@code within} from now. Only the first call counts. */
  synchronized void fall(Duration within) {
    if (!isFalling()) {
      down = System.nanoTime() + within.toNanos();
      falling.countDown();
    }
  }

  boolean isFalling() {
    return falling.getCount() == 0;
  }

  /** Waits for {@code time}, or until the curtain falls. */
  void pause(Duration time) throws InterruptedException {
    falling.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A patience that ends after {@code most}, or when the curtain is down. */
  Patience patience(Duration most) {
    return new Patience(System.nanoTime() + most.toNanos());
  }

  /** How long somebody waits for one thing. */
  final class Patience {
    private final long end;

    private Patience(long end) {
      this.end = end;
    }

    boolean isOver() {
      long now = System.nanoTime();
      return now - end >= 0 || (isFalling() && now - down >= 0);
    }
  }
}
