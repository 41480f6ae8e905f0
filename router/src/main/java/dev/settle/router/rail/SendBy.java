package dev.settle.router.rail;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * Until when transfers may leave this process, and whether anybody still waits for the answer.
 * Whoever claimed them and then stood still (a paused process, a full queue) must not send them
 * when the others have found, by asking the bank, that it never received them: the bank would be
 * paid for both. So half of the rail's window is for leaving here, and the other half for reaching
 * the bank.
 *
 * @param nanos of {@link System#nanoTime}, which runs on while a process is stopped
 * @param millis of {@link System#currentTimeMillis}, which runs on while the machine is
 * @param givenUp done when nobody waits any more: the request is cut, so that it keeps no
 *     connection from others; never done otherwise
 */
public record SendBy(long nanos, long millis, Future<Void> givenUp) {

  /** From now on: before it is asked whether the transfers are this node's to send. */
  public static SendBy of(RailCapabilities rail, Future<Void> givenUp) {
    return within(rail.neverReceivedAfter().dividedBy(2), givenUp);
  }

  /** For so long from now on. */
  public static SendBy within(Duration time, Future<Void> givenUp) {
    return new SendBy(
        System.nanoTime() + time.toNanos(), System.currentTimeMillis() + time.toMillis(), givenUp);
  }

  public boolean isOver() {
    return System.nanoTime() - nanos > 0 || System.currentTimeMillis() > millis;
  }

  /** Nothing was sent, and it was not the rail's fault. */
  public static final class TooLate extends RuntimeException {
    public TooLate(Duration window) {
      super(
          "not sent: half of the rail's window of " + window + " was over before its turn came",
          null,
          false,
          false);
    }
  }
}
