package dev.settle.demo.terminal;

/**
 * When the sales of an open loop are due: evenly spaced, whatever the router answers, after a
 * beginning in which their rate rises evenly from nothing. What is more than {@link #LATE_NANOS}
 * late is given up and counted instead of being made up by a burst. Times are {@link
 * System#nanoTime()}. Belongs to one thread.
 */
final class OfferSchedule {

  /** How much of the schedule may be made up at once after a pause. */
  static final long LATE_NANOS = 500_000_000;

  private static final long SECOND = 1_000_000_000;

  private final int perSecond;
  private final long start;
  private final double rampSeconds;
  private long taken;
  private long skipped;

  OfferSchedule(int perSecond, long start, long rampNanos) {
    this.perSecond = perSecond;
    this.start = start;
    this.rampSeconds = rampNanos / (double) SECOND;
  }

  /** How many are due at {@code now} and neither taken nor given up. */
  int due(long now) {
    long due = scheduledBefore(now) - taken;
    long most = Math.max(1, LATE_NANOS * perSecond / SECOND);
    if (due > most) {
      skipped += due - most;
      taken += due - most;
      due = most;
    }
    return (int) Math.max(0, due);
  }

  /** Takes the next one and returns when it was due. */
  long take() {
    long number = taken++;
    long inRamp = offeredInRamp();
    if (number < inRamp) {
      return start + (long) (Math.sqrt(2 * rampSeconds * number / perSecond) * SECOND);
    }
    long after = number - inRamp;
    return start
        + (long) (rampSeconds * SECOND)
        + after / perSecond * SECOND
        + after % perSecond * SECOND / perSecond;
  }

  /** How many were given up because the schedule ran late. */
  long skipped() {
    return skipped;
  }

  private long scheduledBefore(long now) {
    long elapsed = now - start;
    if (elapsed < 0) {
      return 0;
    }
    double seconds = elapsed / (double) SECOND;
    if (seconds < rampSeconds) {
      return (long) (perSecond * seconds * seconds / (2 * rampSeconds)) + 1;
    }
    long after = elapsed - (long) (rampSeconds * SECOND);
    // In two parts: nanoseconds times a rate overflow within days.
    return offeredInRamp() + after / SECOND * perSecond + after % SECOND * perSecond / SECOND + 1;
  }

  private long offeredInRamp() {
    return (long) (perSecond * rampSeconds / 2);
  }
}
