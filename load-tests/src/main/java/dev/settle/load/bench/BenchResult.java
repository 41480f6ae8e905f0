package dev.settle.load.bench;

import dev.settle.load.stand.Ratios;
import io.vertx.core.json.JsonObject;

/** What a run found; the names of the JSON are a contract with whoever reads it. */
final class BenchResult {

  private final JsonObject json = new JsonObject();
  private final Plot plot = new Plot();

  void put(String name, Object value) {
    json.put(name, value);
  }

  /**
   * A comparison.
   *
   * @param how it was measured, which is told beside it
   */
  void put(String name, Ratios ratios, JsonObject how) {
    json.put(name, ratios.json("router", "peer").mergeIn(how));
    plot.add(name, ratios);
  }

  JsonObject json() {
    return json;
  }

  /** The comparisons as an SVG. */
  String svg() {
    return plot.svg();
  }
}
