package dev.settle.load.growth;

import dev.settle.load.stand.FlatMemory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells how the run goes, and holds its points against the first and against what is promised. */
final class GrowthReport {

  /** Throughput with history, of that without. */
  private static final double LEAST_RATIO = 0.9;

  private static final double MOST_SCRAPE_MILLIS = 50;

  /**
   * The same while the router is given as much as it takes: 15 ms were seen, 151 with another job
   * on its two processors.
   */
  private static final double MOST_LOADED_SCRAPE_MILLIS = 250;

  /** A freeze or a thaw, from request to answer. */
  private static final double MOST_ORDER_MILLIS = 2_000;

  private final long started = System.nanoTime();
  private final List<GrowthPoint> points = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final JsonObject json = new JsonObject();

  void say(String line) {
    double seconds = (System.nanoTime() - started) / (double) TimeUnit.SECONDS.toNanos(1);
    System.out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, line);
  }

  void add(GrowthPoint point) {
    points.add(point);
    GrowthPoint first = points.get(0);
    say(
        String.format(
            Locale.ROOT,
            "%,d credits, %,d open: single %.0f/s (%.2f), bulk %.0f/s (%.2f), posted %.0f/s; order p50 %.1f max %.1f ms; scrape p50 %.1f max %.1f ms, under load p50 %.1f max %.1f ms;"
                + " book %.1f ms; router %.0f MB, heap %.0f MB",
            point.credits(),
            point.departures(),
            GrowthPoint.median(point.single()),
            single(first, point),
            GrowthPoint.median(point.bulk()),
            bulk(first, point),
            GrowthPoint.median(point.postedPerSecond()),
            GrowthPoint.median(point.orderMillis()),
            point.orderMost(),
            GrowthPoint.median(point.scrapeMillis()),
            point.scrapeMost(),
            GrowthPoint.median(point.loadedScrapeMillis()),
            point.loadedScrapeMost(),
            point.bookMillis(),
            point.residentMegabytes(),
            point.heapMegabytes()));
    String at = String.format(Locale.ROOT, "with %,d credits ", point.credits());
    if (single(first, point) < LEAST_RATIO || bulk(first, point) < LEAST_RATIO) {
      faults.add(at + "throughput is less than " + LEAST_RATIO + " of that without");
    }
    if (point.orderMost() >= MOST_ORDER_MILLIS) {
      faults.add(at + "an order about a merchant took " + point.orderMost() + " ms");
    }
    if (point.scrapeMost() >= MOST_SCRAPE_MILLIS) {
      faults.add(at + "a scrape took " + point.scrapeMost() + " ms");
    }
    if (point.loadedScrapeMost() >= MOST_LOADED_SCRAPE_MILLIS) {
      faults.add(at + "a scrape under load took " + point.loadedScrapeMost() + " ms");
    }
    flat(at + "the router's heap", first.heapMegabytes(), point.heapMegabytes());
    flat(at + "the router's process", first.residentMegabytes(), point.residentMegabytes());
  }

  private void flat(String what, double from, double to) {
    if (!FlatMemory.is(from, to)) {
      faults.add(String.format(Locale.ROOT, "%s grew from %.0f to %.0f MB", what, from, to));
    }
  }

  private static double single(GrowthPoint first, GrowthPoint point) {
    return GrowthPoint.median(point.single()) / GrowthPoint.median(first.single());
  }

  private static double bulk(GrowthPoint first, GrowthPoint point) {
    return GrowthPoint.median(point.bulk()) / GrowthPoint.median(first.bulk());
  }

  void archived(ArchiveTrial.Seen seen) {
    seen.months().forEach(month -> say("  " + month));
    say(
        String.format(
            Locale.ROOT,
            "archived in %.1f s; accept before p99 %.1f max %.1f ms, meanwhile p99 %.1f p999 %.1f max %.1f ms",
            seen.seconds(),
            seen.p99Before(),
            seen.mostBefore(),
            seen.p99(),
            seen.p999(),
            seen.most()));
    json.put("archive", seen.json());
  }

  /** What verifying all of it took; broken: the report's words. */
  void verified(double seconds, String broken) {
    say(String.format(Locale.ROOT, "verified from the rows in %.1f s", seconds));
    json.put("verifySeconds", seconds);
    if (!broken.isEmpty()) {
      faults.add("an invariant does not hold:\n" + broken);
    }
  }

  /** Says what was missed; true when nothing was. */
  boolean end() {
    faults.forEach(fault -> System.out.println("MISSED: " + fault));
    return faults.isEmpty();
  }

  void write(Path file) throws IOException {
    GrowthPoint first = points.get(0);
    JsonArray all = new JsonArray();
    for (GrowthPoint point : points) {
      all.add(
          point
              .json()
              .put("singleRatio", single(first, point))
              .put("bulkRatio", bulk(first, point)));
    }
    json.put("points", all).put("missed", new JsonArray(faults));
    Files.writeString(file, json.encodePrettily() + "\n");
  }
}
