package dev.settle.router.rail;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The hours in which a bank takes transfers, every day.
 *
 * @param opens the first time of the day that is inside
 * @param closes the first time that is not; before {@code opens} when the window spans midnight
 */
public record CutOff(LocalTime opens, LocalTime closes, ZoneId zone) {

  /** Whether transfers are taken at that time. */
  public boolean isOpen(Instant at) {
    LocalTime time = at.atZone(zone).toLocalTime();
    return opens.isBefore(closes)
        ? !time.isBefore(opens) && time.isBefore(closes)
        : !time.isBefore(opens) || time.isBefore(closes);
  }

  /** The beginning of the next window after that time, which is {@code at} itself inside of one. */
  public Instant nextOpening(Instant at) {
    if (isOpen(at)) {
      return at;
    }
    ZonedDateTime local = at.atZone(zone);
    ZonedDateTime today = local.with(opens);
    return (today.isBefore(local) ? today.plusDays(1) : today).toInstant();
  }

  /**
   * How long it is from that time until transfers are next taken no more; outside of a window,
   * until the end of the one that comes.
   */
  public Duration untilClosing(Instant at) {
    ZonedDateTime local = at.atZone(zone);
    ZonedDateTime today = local.with(closes);
    return Duration.between(local, today.isAfter(local) ? today : today.plusDays(1));
  }
}
