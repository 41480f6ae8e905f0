package dev.settle.router.dispatch;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.settle.router.platform.Limits;
import java.time.Duration;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps time between two transfers to an account, where a rail wants that. Turns go by age: who was
 * turned away longest ago comes before what was sold since, so that a busy account falls no further
 * behind than what gathers for it. Thread-safe; shared by the event loops of a node. Other nodes
 * are not asked: what a bank refuses for their sake is tried again.
 */
final class AccountSpacing {

  /** How late who waits may come to his turn. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private final Duration spacing;
  private final ConcurrentMap<Long, Turn> turns;

  /**
   * The last turn of an account.
   *
   * @param sentAt when it was sent to ({@link System#nanoTime})
   * @param waiting the oldest credit that was turned away since
   */
  private record Turn(long sentAt, long waiting) {}

  AccountSpacing(Duration spacing) {
    this.spacing = spacing;
    this.turns =
        Caffeine.newBuilder()
            .maximumSize(Limits.LOCAL_ACCOUNTS)
            .expireAfterWrite(spacing.plus(LATE))
            .<Long, Turn>build()
            .asMap();
  }

  /**
   * Takes the account's turn for a credit. Zero: it may be sent now, and is taken for sent;
   * otherwise it waits, for so long.
   */
  Duration enter(long account, long credit, long now) {
    Turn turn =
        turns.compute(
            account, (id, last) -> isTurnOf(credit, last, now) ? taken(now) : behind(last, credit));
    if (turn.sentAt() == now && turn.waiting() == Long.MAX_VALUE) {
      return Duration.ZERO;
    }
    Duration left = spacing.minusNanos(now - turn.sentAt());
    // A turn that is another's: the next is after that.
    return left.isNegative() || left.isZero() ? spacing : left;
  }

  /** The time counts from when it was really sent. */
  void sent(long account, long now) {
    turns.computeIfPresent(account, (id, turn) -> new Turn(now, turn.waiting()));
  }

  private boolean isTurnOf(long credit, @Nullable Turn last, long now) {
    if (last == null) {
      return true;
    }
    long since = now - last.sentAt();
    return since >= spacing.toNanos()
        && (credit <= last.waiting() || since >= spacing.plus(LATE).toNanos());
  }

  private static Turn taken(long now) {
    return new Turn(now, Long.MAX_VALUE);
  }

  private static Turn behind(Turn last, long credit) {
    return new Turn(last.sentAt(), Math.min(last.waiting(), credit));
  }
}
