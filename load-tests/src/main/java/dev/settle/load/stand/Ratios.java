package dev.settle.load.stand;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What pairs of slices say of two sides. What is quoted is the median of the paired ratios, not the
 * ratio of the medians: the machine's mood is in both halves of a pair.
 *
 * @param pairs in the order in which they were measured; at least one
 */
public record Ratios(List<Pair> pairs) {

  /**
   * Two slices that were measured one right after the other, in units per second.
   *
   * @param one what the side that it is about did
   * @param other what the side beside it did
   */
  public record Pair(double one, double other) {
    /** The one by the other. */
    public double ratio() {
      return one / other;
    }
  }

  public Ratios {
    pairs = List.copyOf(pairs);
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("no pairs");
    }
  }

  /** The median of what the one did. */
  public double one() {
    return quantile(Pair::one, 0.5);
  }

  /** The median of what the other did. */
  public double other() {
    return quantile(Pair::other, 0.5);
  }

  /** The median of the paired ratios. */
  public double ratio() {
    return ratio(0.5);
  }

  /** A quantile of the paired ratios: 0 is the least, 1 the most. */
  public double ratio(double quantile) {
    return quantile(Pair::ratio, quantile);
  }

  private double quantile(ToDoubleFunction<Pair> of, double quantile) {
    double[] sorted = pairs.stream().mapToDouble(of).sorted().toArray();
    double place = quantile * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = (int) Math.ceil(place);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /**
   * All of it, for whoever reads the run.
   *
   * @param one what the one is called
   * @param other what the other is called
   */
  public JsonObject json(String one, String other) {
    return json(new Pair(one(), other()), ratio(), one, other)
        .put(
            "spread",
            new JsonObject()
                .put("min", rounded(ratio(0)))
                .put("q1", rounded(ratio(0.25)))
                .put("q3", rounded(ratio(0.75)))
                .put("max", rounded(ratio(1))))
        .put(
            "pairs",
            new JsonArray(
                pairs.stream().map(pair -> json(pair, pair.ratio(), one, other)).toList()));
  }

  private static JsonObject json(Pair rates, double ratio, String one, String other) {
    return new JsonObject()
        .put(one, Math.round(rates.one()))
        .put(other, Math.round(rates.other()))
        .put("ratio", rounded(ratio));
  }

  /** To a thousandth. */
  public static double rounded(double number) {
    return Math.round(number * 1_000) / 1_000.0;
  }

  /** All ratios, in order, for a person. */
  @Override
  public String toString() {
    return Arrays.toString(pairs.stream().mapToDouble(p -> rounded(p.ratio())).toArray());
  }
}
