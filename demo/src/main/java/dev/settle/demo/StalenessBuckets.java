package dev.settle.demo;

import dev.settle.demo.display.Quantiles;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of the nodes' binding staleness, as their metrics have it.
 *
 * @param upTo how many measurements were at most so many milliseconds
 * @param count of all
 * @param mostMillis the longest
 */
record StalenessBuckets(SortedMap<Double, Long> upTo, long count, double mostMillis) {

  /** The bounds of {@code settlement_binding_staleness_seconds}. */
  static final List<Double> SECONDS =
      List.of(
          0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5,
          1.0, 2.5, 5.0, 10.0);

  static String label(double seconds) {
    return "le=\"" + seconds + "\"";
  }

  static StalenessBuckets of(ToLongFunction<Double> upTo, long count, double mostMillis) {
    SortedMap<Double, Long> buckets = new TreeMap<>();
    SECONDS.forEach(seconds -> buckets.put(seconds * 1_000, upTo.applyAsLong(seconds)));
    return new StalenessBuckets(buckets, count, mostMillis);
  }

  /** Within a bucket as if its measurements were spread evenly, as Prometheus does it. */
  Quantiles quantiles() {
    return count == 0 ? Quantiles.NONE : new Quantiles(quantile(0.5), quantile(0.99), mostMillis);
  }

  private @Nullable Double quantile(double part) {
    double rank = part * count;
    double lower = 0;
    long below = 0;
    for (var bucket : upTo.entrySet()) {
      long inside = bucket.getValue();
      if (inside >= rank) {
        double share = inside == below ? 1 : (rank - below) / (inside - below);
        double millis = lower + share * (bucket.getKey() - lower);
        return Math.round(Math.min(millis, mostMillis) * 100) / 100.0;
      }
      lower = bucket.getKey();
      below = inside;
    }
    return mostMillis;
  }
}
