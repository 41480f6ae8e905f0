package dev.settle.router.dispatch;

import dev.settle.router.platform.Limits;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * How long a lane lets batches gather before it starts another consignment: a claim and a
 * settlement cost the same for one batch as for a hundred. One that comes after a pause goes at
 * once, and so does what fills a consignment. Belongs to one lane.
 */
final class Gathering {

  private final long nanos;
  private final BiConsumer<Duration, Runnable> timer;
  private long startedAt;
  private boolean started;
  private boolean waking;

  /**
   * @param pause between the starts of two consignments that are not full
   * @param timer runs something once after a while, on the lane's event loop
   */
  Gathering(Duration pause, BiConsumer<Duration, Runnable> timer) {
    this.nanos = pause.toNanos();
    this.timer = timer;
  }

  /** Of a lane whose consignments start as soon as they may. */
  static Gathering none() {
    return new Gathering(Duration.ZERO, (pause, wake) -> {});
  }

  /**
   * Whether a consignment of what is queued may start now ({@link System#nanoTime}). If not, {@code
   * wake} is run when it may.
   */
  boolean isOver(int credits, int batches, long now, Runnable wake) {
    long left = started ? startedAt + nanos - now : 0;
    if (left <= 0
        || credits >= Limits.CONSIGNMENT_CREDITS
        || batches >= Limits.CONSIGNMENT_BATCHES) {
      return true;
    }
    if (!waking) {
      waking = true;
      timer.accept(
          Duration.ofNanos(left),
          () -> {
            waking = false;
            wake.run();
          });
    }
    return false;
  }

  void started(long now) {
    started = true;
    startedAt = now;
  }
}
