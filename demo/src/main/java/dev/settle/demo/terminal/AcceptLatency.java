package dev.settle.demo.terminal;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How long acknowledgements took, from when the sale was due to be sent: a terminal that had to
 * wait for its turn counts too. Written by one thread, read by another.
 */
public final class AcceptLatency {

  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(10);
  private static final int DIGITS = 3;

  private final SingleWriterRecorder recorder = new SingleWriterRecorder(MOST_MICROS, DIGITS);
  private final Histogram total = new Histogram(MOST_MICROS, DIGITS);

  void record(long nanos) {
    recorder.recordValue(Math.min(MOST_MICROS, Math.max(0, nanos / 1_000)));
  }

  /** In microseconds: what was recorded since the last call. */
  public synchronized Histogram interval() {
    Histogram interval = recorder.getIntervalHistogram();
    total.add(interval);
    return interval;
  }

  /** In microseconds: what was recorded so far. */
  public synchronized Histogram total() {
    interval();
    return total.copy();
  }
}
