package dev.settle.router.telemetry;

import java.time.Duration;
import java.util.Arrays;

/** The last measurements of how late changes came into use, for people's eyes. Thread-safe. */
public final class RecentLateness {

  private static final int KEPT = 1_024;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final long[] nanos = new long[KEPT];
  private final double[] millis = new double[KEPT];
  private int next;
  private int count;

  synchronized void add(Duration late) {
    nanos[next] = System.nanoTime();
    millis[next] = late.toNanos() / 1e6;
    next = (next + 1) % KEPT;
    count = Math.min(count + 1, KEPT);
  }

  /** Those of the last minute in milliseconds, sorted; the newest 1,024 at most. */
  public synchronized double[] sorted() {
    long since = System.nanoTime() - WINDOW.toNanos();
    double[] recent = new double[count];
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (nanos[i] - since > 0) {
        recent[found++] = millis[i];
      }
    }
    double[] sorted = Arrays.copyOf(recent, found);
    Arrays.sort(sorted);
    return sorted;
  }
}
