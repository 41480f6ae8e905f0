package dev.settle.load.stand;

import java.util.Map;
import java.util.TreeMap;

/**
 * A histogram as {@code /metrics} shows it: how many were at most so long, from the beginning on.
 */
public final class Buckets {

  private static final String UPPER = "le=\"";

  /** Cumulated counts by the upper end in seconds. */
  private final TreeMap<Double, Double> upTo = new TreeMap<>();

  private Buckets() {}

  /** Reads one histogram without other labels from the text. */
  public static Buckets of(String text, String name) {
    Buckets buckets = new Buckets();
    text.lines()
        .filter(line -> line.startsWith(name + "_bucket{"))
        .forEach(
            line -> {
              int from = line.indexOf(UPPER) + UPPER.length();
              String end = line.substring(from, line.indexOf('"', from));
              buckets.upTo.put(
                  end.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(end),
                  Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
            });
    return buckets;
  }

  /**
   * The quantile of what came since {@code before}, in seconds: within a bucket as if evenly
   * spread, above the last its lower end; 0 when nothing came.
   */
  public double quantile(double share, Buckets before) {
    double all = upTo.isEmpty() ? 0 : since(before, Double.POSITIVE_INFINITY);
    double wanted = all * share;
    double lower = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : upTo.entrySet()) {
      double count = since(before, bucket.getKey());
      if (count >= wanted && count > below) {
        return bucket.getKey().isInfinite()
            ? lower
            : lower + (bucket.getKey() - lower) * (wanted - below) / (count - below);
      }
      lower = bucket.getKey();
      below = count;
    }
    return 0;
  }

  private double since(Buckets before, double end) {
    return upTo.getOrDefault(end, 0.0) - before.upTo.getOrDefault(end, 0.0);
  }
}
