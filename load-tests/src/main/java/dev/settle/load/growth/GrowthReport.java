package dev.settle.load.growth;

import dev.settle.load.stand.Attempts;
import dev.settle.load.stand.FlatMemory;
import dev.settle.load.stand.ProcessorTime;
import dev.settle.load.stand.Progress;
import dev.settle.load.stand.Ratios;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells how the run goes, and holds each point against the young book that was measured beside it
 * and against what is promised. So is memory: the young book's router is as old at that time and
 * had as many slices of load, where the first point's was younger and had a large book already.
 */
final class GrowthReport implements AutoCloseable {

  /** Throughput of the grown book, of that of the young one. */
  private static final double LEAST_RATIO = 0.9;

  private static final double MOST_SCRAPE_MILLIS = 50;

  /**
   * The same while the router is given as much as it takes: 15 ms were seen, 151 with another job
   * on its two processors.
   */
  private static final double MOST_LOADED_SCRAPE_MILLIS = 250;

  /** A freeze or a thaw, from request to answer. */
  private static final double MOST_ORDER_MILLIS = 2_000;

  private final @Nullable Path file;
  private final Progress progress = new Progress(System.out);
  private final Attempts attempts = new Attempts(progress, ProcessorTime::now);
  private final List<GrowthPoint> points = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final JsonObject verifySeconds = new JsonObject();
  private final JsonObject json = new JsonObject().put("verifySeconds", verifySeconds);

  /**
   * Begins.
   *
   * @param file to be written as JSON at the end, or none
   */
  GrowthReport(@Nullable Path file) {
    this.file = file;
  }

  Progress progress() {
    return progress;
  }

  /** By which slices are measured; how many were refused is in the JSON. */
  Attempts attempts() {
    return attempts;
  }

  void add(GrowthPoint point) {
    points.add(point);
    progress.say(
        "%,d credits, %,d open: single %s, bulk %s, posted %.0f/s; order p50 %.1f max %.1f ms; scrape p50 %.1f max %.1f ms, under load p50 %.1f max %.1f ms;"
            + " book %.1f ms; router %.0f MB (young %.0f), heap %.0f MB (young %.0f)",
        point.credits(),
        point.departures(),
        said(point.single()),
        said(point.bulk()),
        GrowthPoint.median(point.postedPerSecond()),
        GrowthPoint.median(point.orderMillis()),
        point.orderMost(),
        GrowthPoint.median(point.scrapeMillis()),
        point.scrapeMost(),
        GrowthPoint.median(point.loadedScrapeMillis()),
        point.loadedScrapeMost(),
        point.bookMillis(),
        point.memory().residentMegabytes(),
        point.youngMemory().residentMegabytes(),
        point.memory().heapMegabytes(),
        point.youngMemory().heapMegabytes());
    String at = String.format(Locale.ROOT, "with %,d credits ", point.credits());
    fast(at + "single", point.single());
    fast(at + "bulk", point.bulk());
    if (point.orderMost() >= MOST_ORDER_MILLIS) {
      faults.add(at + "an order about a merchant took " + point.orderMost() + " ms");
    }
    if (point.scrapeMost() >= MOST_SCRAPE_MILLIS) {
      faults.add(at + "a scrape took " + point.scrapeMost() + " ms");
    }
    if (point.loadedScrapeMost() >= MOST_LOADED_SCRAPE_MILLIS) {
      faults.add(at + "a scrape under load took " + point.loadedScrapeMost() + " ms");
    }
    flat(
        at + "the router's heap",
        point.youngMemory().heapMegabytes(),
        point.memory().heapMegabytes());
    flat(
        at + "the router's process",
        point.youngMemory().residentMegabytes(),
        point.memory().residentMegabytes());
  }

  private static String said(Ratios ratios) {
    return String.format(
        Locale.ROOT,
        "%.0f/s (%.2f of a young book's, %.2f to %.2f)",
        ratios.one(),
        ratios.ratio(),
        ratios.ratio(0),
        ratios.ratio(1));
  }

  private void fast(String what, Ratios ratios) {
    if (ratios.ratio() < LEAST_RATIO) {
      faults.add(
          String.format(
              Locale.ROOT,
              "%s throughput is %.3f of that of a young book, less than %.1f",
              what,
              ratios.ratio(),
              LEAST_RATIO));
    }
  }

  private void flat(String what, double young, double grown) {
    if (!FlatMemory.is(young, grown)) {
      faults.add(
          String.format(
              Locale.ROOT, "%s holds %.0f MB, that of a young book %.0f MB", what, grown, young));
    }
  }

  void archived(ArchiveTrial.Seen seen) {
    seen.months().forEach(month -> progress.say("  %s", month));
    progress.say(
        "archived in %.1f s; accept before p99 %.1f max %.1f ms, meanwhile p99 %.1f p999 %.1f max %.1f ms",
        seen.seconds(), seen.p99Before(), seen.mostBefore(), seen.p99(), seen.p999(), seen.most());
    json.put("archive", seen.json());
  }

  /**
   * What verifying all of a book took.
   *
   * @param name of the book
   * @param broken the report's words; none: everything holds
   */
  void verified(String name, double seconds, String broken) {
    progress.say("the %s book verified from the rows in %.1f s", name, seconds);
    verifySeconds.put(name, seconds);
    if (!broken.isEmpty()) {
      faults.add("an invariant of the " + name + " book does not hold:\n" + broken);
    }
  }

  /** Whether nothing was missed so far. */
  boolean isGood() {
    return faults.isEmpty();
  }

  /** Something that is not as promised. */
  void missed(String what) {
    faults.add(what);
  }

  /** Why there is no more to tell. */
  void ended(Exception failed) {
    json.put("ended", String.valueOf(failed));
  }

  /** Says what was missed, and writes the file. */
  @Override
  public void close() throws IOException {
    faults.forEach(fault -> System.out.println("MISSED: " + fault));
    if (file == null) {
      return;
    }
    json.put("refused", attempts.refused())
        .put("points", new JsonArray(points.stream().map(GrowthPoint::json).toList()))
        .put("missed", new JsonArray(faults));
    Files.writeString(file, json.encodePrettily() + "\n");
  }
}
