package dev.settle.load.growth;

import dev.settle.load.stand.Ratios;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What was measured with so much history, of the grown book if nothing else is said.
 *
 * @param credits posted ones, written as history
 * @param departures open ones
 * @param fillSeconds for what came to it since the point before
 * @param single requests recorded per second: the grown book's beside the young one's
 * @param bulk lines recorded per second: the grown book's beside the young one's
 * @param postedPerSecond from the first line of an upload to the last credit posted, of each slice
 * @param orderMillis of freezes and thaws of merchants that sell meanwhile, sorted
 * @param scrapeMillis of {@code /metrics} when nothing else is done, sorted
 * @param loadedScrapeMillis of {@code /metrics} while single and bulk load is made, sorted
 * @param bookMillis how long PostgreSQL takes for the totals behind the gauges
 * @param memory of the router
 * @param youngMemory of the young book's router, at the same time
 */
record GrowthPoint(
    long credits,
    long departures,
    double fillSeconds,
    Ratios single,
    Ratios bulk,
    List<Double> postedPerSecond,
    List<Double> orderMillis,
    List<Double> scrapeMillis,
    List<Double> loadedScrapeMillis,
    double bookMillis,
    Memory memory,
    Memory youngMemory) {

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  double scrapeMost() {
    return scrapeMillis.get(scrapeMillis.size() - 1);
  }

  double loadedScrapeMost() {
    return loadedScrapeMillis.get(loadedScrapeMillis.size() - 1);
  }

  double orderMost() {
    return orderMillis.get(orderMillis.size() - 1);
  }

  JsonObject json() {
    return new JsonObject()
        .put("credits", credits)
        .put("openDepartures", departures)
        .put("fillSeconds", fillSeconds)
        .put("single", single.json("grown", "young"))
        .put("bulk", bulk.json("grown", "young"))
        .put("posted", new JsonArray(postedPerSecond))
        .put(
            "orderMillis", new JsonObject().put("p50", median(orderMillis)).put("max", orderMost()))
        .put(
            "scrapeMillis",
            new JsonObject().put("p50", median(scrapeMillis)).put("max", scrapeMost()))
        .put(
            "loadedScrapeMillis",
            new JsonObject().put("p50", median(loadedScrapeMillis)).put("max", loadedScrapeMost()))
        .put("bookMillis", bookMillis)
        .put("router", memory.json())
        .put("youngRouter", youngMemory.json());
  }
}
