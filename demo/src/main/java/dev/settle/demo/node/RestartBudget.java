package dev.settle.demo.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Decides whether and when a node that died is started again: at once the first time, later with a
 * pause, not for ever.
 */
final class RestartBudget {

  /** Deaths within {@link #WINDOW} that are still answered with a new start. */
  static final int DEATHS = 10;

  static final Duration WINDOW = Duration.ofMinutes(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration MOST_PAUSE = Duration.ofSeconds(5);

  private final Deque<Instant> deaths = new ArrayDeque<>();

  /**
   * Notes a death and returns the pause before the next start, or nothing when it is time to give
   * up.
   */
  Optional<Duration> afterDeath(Instant at) {
    deaths.addLast(at);
    while (deaths.getFirst().isBefore(at.minus(WINDOW))) {
      deaths.removeFirst();
    }
    if (deaths.size() > DEATHS) {
      return Optional.empty();
    }
    Duration pause = FIRST_PAUSE.multipliedBy(1L << (deaths.size() - 1));
    return Optional.of(pause.compareTo(MOST_PAUSE) < 0 ? pause : MOST_PAUSE);
  }
}
