package dev.settle.router.webhook;

import dev.settle.router.platform.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What follows a try that was not acknowledged: a pause that doubles from 5 seconds to an hour,
 * between half of it and the whole by chance, so that receivers that fell together are not met
 * together; after three days, or a 410, the end.
 *
 * @param pause until the next try, when there is one
 * @param stop why nobody tries any more; null: somebody does
 */
record Retry(Duration pause, @Nullable String stop) {

  private static final int MOST_DOUBLINGS = 20;

  /**
   * @param tries that were not acknowledged before this one
   * @param failingFor since the first of them
   * @param chance at least 0, less than 1
   */
  static Retry after(Outcome outcome, int tries, Duration failingFor, double chance) {
    String stop =
        outcome == Outcome.GONE
            ? "GONE"
            : failingFor.compareTo(Duration.ofHours(Limits.WEBHOOK_GIVE_UP_HOURS)) >= 0
                ? "NOT_DELIVERED"
                : null;
    return new Retry(pause(tries, chance), stop);
  }

  private static Duration pause(int tries, double chance) {
    long longest = Limits.WEBHOOK_PAUSE_MAX.toMillis();
    long doubled = Limits.WEBHOOK_PAUSE.toMillis() << Math.min(tries, MOST_DOUBLINGS);
    return Duration.ofMillis((long) (Math.min(doubled, longest) * (0.5 + chance / 2)));
  }
}
