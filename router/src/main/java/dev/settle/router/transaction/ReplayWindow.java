package dev.settle.router.transaction;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The local dates that are taken: from {@code past} ago, within which a re-sent transaction is
 * recognised, to two days ahead, which allows for a terminal's time zone and a clock that is a day
 * off.
 */
public record ReplayWindow(Clock clock, Duration past) {

  /** How far ahead of the UTC date a terminal's date may be, in days. */
  public static final int DAYS_AHEAD = 2;

  boolean holds(LocalDate date) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return !date.isAfter(today.plusDays(DAYS_AHEAD))
        && !date.isBefore(today.minusDays(past.toDays()));
  }
}
