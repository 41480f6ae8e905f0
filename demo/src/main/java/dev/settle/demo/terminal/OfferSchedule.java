package dev.settle.demo.terminal;

/**
 * When the sales of an open loop are due: evenly spaced, whatever the router answers. What is more
 * than {@link #LATE_NANOS} late is given up and counted instead of being made up by a burst. Times
 * are {@link System#nanoTime()}. Belongs to one thread.
 */
final class OfferSchedule {

  /** How much of the schedule may be made up at once after a pause. */
  static final long LATE_NANOS = 500_000_000;

  private static final long SECOND = 1_000_000_000;

  private final int perSecond;
  private final long start;
  private long taken;
  private long skipped;

  OfferSchedule(int perSecond, long start) {
    this.perSecond = perSecond;
    this.start = start;
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
    long seconds = taken / perSecond;
    long rest = taken % perSecond;
    taken++;
    return start + seconds * SECOND + rest * SECOND / perSecond;
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
    // In two parts: nanoseconds times a rate overflow within days.
    return elapsed / SECOND * perSecond + elapsed % SECOND * perSecond / SECOND + 1;
  }
}
