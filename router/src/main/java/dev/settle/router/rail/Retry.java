package dev.settle.router.rail;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * When what a bank refused is tried again by itself, as a new attempt under a new end-to-end id.
 *
 * @param firstPause before the first time; it doubles with every time
 * @param longestPause at most
 * @param times that one credit is tried again for one reason; 0: never
 */
public record Retry(Duration firstPause, Duration longestPause, int times) {

  public static final Retry NEVER = new Retry(Duration.ZERO, Duration.ZERO, 0);

  /** At once: the bank never had it. */
  static final Retry AT_ONCE = new Retry(Duration.ofSeconds(1), Duration.ofMinutes(5), 20);

  /** What rules name; which pauses they mean depends on the time at which the bank refused. */
  enum Rule {
    NEVER,
    /** It is no end: the bank is asked what became of it. */
    ENQUIRE,
    /** Whatever failed was not the credit's account: soon, then ever less often. */
    SOON,
    /** The bank named no reason. */
    ONCE,
    /** A limit of a day. */
    NEXT_DAY,
    /** The bank's next window. */
    NEXT_WINDOW,
    /** Somebody has to bring funds. */
    AFTER_FUNDING,
    /** This bank does not do it; another may. */
    OTHER_RAIL
  }

  /** Half an hour after midnight: a bank's new day may begin a little late. */
  private static final LocalTime NEW_DAY = LocalTime.of(0, 30);

  private static final ZoneId BANKS_DAY = ZoneId.of("Asia/Shanghai");

  static Retry of(Rule rule, RailCapabilities rail, Instant now) {
    return switch (rule) {
      case NEVER, ENQUIRE -> NEVER;
      case SOON -> new Retry(Duration.ofSeconds(5), Duration.ofMinutes(30), 20);
      case OTHER_RAIL -> new Retry(Duration.ofSeconds(1), Duration.ofSeconds(1), 1);
      case ONCE -> new Retry(Duration.ofMinutes(1), Duration.ofMinutes(1), 1);
      case AFTER_FUNDING -> new Retry(Duration.ofMinutes(1), Duration.ofHours(1), 100);
      case NEXT_DAY -> {
        var tomorrow = now.atZone(BANKS_DAY).toLocalDate().plusDays(1).atTime(NEW_DAY);
        Duration until = Duration.between(now, tomorrow.atZone(BANKS_DAY).toInstant());
        yield new Retry(until, until, 7);
      }
      case NEXT_WINDOW -> {
        CutOff cutOff = rail.cutOff();
        Duration until =
            cutOff == null
                ? Duration.ofHours(1)
                : Duration.between(now, cutOff.nextOpening(now)).plusMinutes(1);
        yield new Retry(until, until, 7);
      }
    };
  }
}
