package dev.settle.demo.display;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Three points of a distribution of times, in milliseconds; null when nothing was measured. */
public record Quantiles(@Nullable Double p50, @Nullable Double p99, @Nullable Double max) {

  public static final Quantiles NONE = new Quantiles(null, null, null);

  /** From a histogram of microseconds. */
  public static Quantiles ofMicros(Histogram micros) {
    if (micros.getTotalCount() == 0) {
      return NONE;
    }
    return new Quantiles(
        micros.getValueAtPercentile(50) / 1_000.0,
        micros.getValueAtPercentile(99) / 1_000.0,
        micros.getMaxValue() / 1_000.0);
  }
}
