package dev.settle.demo.terminal;

import java.time.Duration;
import java.util.Random;

/**
 * How long a terminal waits before it sends the same again: doubling, with a bound, and never all
 * terminals at once.
 */
final class ResendPause {

  private static final long FIRST_MILLIS = 100;
  private static final long MOST_MILLIS = 2_000;

  /** The longest that a Retry-After is obeyed. */
  private static final long MOST_RETRY_AFTER_MILLIS = 10_000;

  private final Random random;

  ResendPause(Random random) {
    this.random = random;
  }

  /**
   * After an attempt that was not answered, or not with a decision; {@code attempts} counts those
   * made, from 1.
   */
  Duration afterAttempt(int attempts) {
    long millis = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(attempts - 1, 10));
    return Duration.ofMillis(millis / 2 + random.nextInt((int) millis / 2 + 1));
  }

  /** After a 503 that named the seconds to stay away. */
  Duration afterRetryAfter(long seconds) {
    long millis = Math.min(MOST_RETRY_AFTER_MILLIS, seconds * 1_000);
    return Duration.ofMillis(millis + random.nextInt((int) FIRST_MILLIS));
  }
}
