package dev.settle.load.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the pairs of a duel say. What is quoted is the median of the paired ratios, not the ratio of
 * the medians: the machine's mood is in both halves of a pair.
 *
 * @param pairs in the order in which they were measured; at least one
 */
record Ratios(List<Pair> pairs) {

  /**
   * Two slices that were measured one right after the other, in units per second.
   *
   * @param router what the router did
   * @param peer what the peer did
   */
  record Pair(double router, double peer) {
    double ratio() {
      return router / peer;
    }
  }

  Ratios {
    pairs = List.copyOf(pairs);
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("no pairs");
    }
  }

  double router() {
    return quantile(Pair::router, 0.5);
  }

  double peer() {
    return quantile(Pair::peer, 0.5);
  }

  double ratio() {
    return ratio(0.5);
  }

  /** A quantile of the paired ratios: 0 is the least, 1 the most. */
  double ratio(double quantile) {
    return quantile(Pair::ratio, quantile);
  }

  private double quantile(ToDoubleFunction<Pair> of, double quantile) {
    double[] sorted = pairs.stream().mapToDouble(of).sorted().toArray();
    double place = quantile * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = (int) Math.ceil(place);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  JsonObject json() {
    return new JsonObject()
        .put("router", Math.round(router()))
        .put("peer", Math.round(peer()))
        .put("ratio", rounded(ratio()))
        .put(
            "spread",
            new JsonObject()
                .put("min", rounded(ratio(0)))
                .put("q1", rounded(ratio(0.25)))
                .put("q3", rounded(ratio(0.75)))
                .put("max", rounded(ratio(1))))
        .put("pairs", new JsonArray(pairs.stream().map(Ratios::json).toList()));
  }

  private static JsonObject json(Pair pair) {
    return new JsonObject()
        .put("router", Math.round(pair.router()))
        .put("peer", Math.round(pair.peer()))
        .put("ratio", rounded(pair.ratio()));
  }

  static double rounded(double number) {
    return Math.round(number * 1_000) / 1_000.0;
  }

  /** All ratios, in order, for a person. */
  @Override
  public String toString() {
    return Arrays.toString(pairs.stream().mapToDouble(p -> rounded(p.ratio())).toArray());
  }
}
