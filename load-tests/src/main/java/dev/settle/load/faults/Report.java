package dev.settle.load.faults;

import dev.settle.demo.terminal.TrafficCounts;
import dev.settle.load.faults.Audit.Broken;
import dev.settle.load.faults.Audit.Findings;
import dev.settle.load.faults.FaultPlan.Episode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells how the run goes and what came of it: lines for a person, JSON for a program. */
final class Report {

  private final FaultOptions options;
  private final long started = System.nanoTime();
  private final Map<Fault, List<Duration>> fired = new EnumMap<>(Fault.class);
  private final JsonObject json = new JsonObject();
  private long failedInRestarts;
  private @Nullable TrafficCounts terminals;
  private @Nullable CardChanges changes;
  private @Nullable ConservationProbe conservation;

  Report(FaultOptions options) {
    this.options = options;
  }

  void say(String line) {
    double seconds = (System.nanoTime() - started) / (double) TimeUnit.SECONDS.toNanos(1);
    System.out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, line);
  }

  void planned(List<Episode> plan) {
    say("seed " + options.seed() + ": " + plan.size() + " faults, data in " + options.data());
    json.put("seed", options.seed()).put("eventsDropped", options.eventsDropped());
  }

  void playing(TrafficCounts sales, CardChanges cards, ConservationProbe probe) {
    terminals = sales;
    changes = cards;
    conservation = probe;
    say(
        options.nodes()
            + " routers, "
            + options.rate()
            + " sales and "
            + options.changes()
            + " card changes a second, "
            + options.merchants()
            + " merchants");
  }

  void begins(int number, Episode episode) {
    say(
        String.format(
            Locale.ROOT,
            "fault %d: %s, %s%s, %.1f s",
            number + 1,
            episode.fault(),
            episode.fault().what(),
            episode.fault().ofOneNode() ? " (node-" + episode.node() + ")" : "",
            episode.lasts().toMillis() / 1e3));
  }

  /** A node was stopped and started again; how long that took until it was ready. */
  void restarted(int node, long stopNanos, long startNanos) {
    say(
        String.format(
            Locale.ROOT,
            "         node-%d stopped in %.1f s and was ready again after %.1f s",
            node,
            stopNanos / 1e9,
            startNanos / 1e9));
  }

  /** After a rolling restart: how many requests failed meanwhile. */
  void restarted(long failedRequests) {
    say("         all nodes were restarted, " + failedRequests + " requests failed");
    failedInRestarts += failedRequests;
  }

  void converged(Episode episode, Duration took) {
    fired.computeIfAbsent(episode.fault(), kind -> new ArrayList<>()).add(took);
    TrafficCounts sales = terminals;
    CardChanges cards = changes;
    ConservationProbe probe = conservation;
    if (sales != null && cards != null && probe != null) {
      say(
          String.format(
              Locale.ROOT,
              "         all nodes back after %.1f s; %d acknowledged, %d unposted, %d cards changed",
              took.toMillis() / 1e3,
              sales.acknowledged.sum(),
              probe.unposted(),
              cards.changed()));
    }
  }

  void drained(Duration took) {
    say(String.format(Locale.ROOT, "drained in %.1f s", took.toMillis() / 1e3));
    json.put("drainedMillis", took.toMillis());
  }

  void audited(int acknowledged, int booked) {
    json.put("acknowledged", acknowledged).put("booked", booked);
  }

  /** The end: what fired, and every finding. */
  void ended(Findings findings) {
    JsonArray faults = new JsonArray();
    System.out.println();
    int all = fired.values().stream().mapToInt(List::size).sum();
    System.out.println("Faults that fired: " + all);
    fired.forEach((fault, took) -> faults.add(fault(fault, took)));
    json.put("faults", faults);
    TrafficCounts sales = terminals;
    CardChanges cards = changes;
    ConservationProbe probe = conservation;
    if (sales != null && cards != null && probe != null) {
      counts(sales, cards, probe);
    }
    JsonObject broken = new JsonObject();
    for (Broken kind : Broken.values()) {
      broken.put(kind.name(), findings.count(kind));
      if (findings.count(kind) > 0) {
        System.out.println("BROKEN: " + kind.what() + ": " + findings.count(kind));
        findings.examples(kind).forEach(example -> System.out.println("  " + example));
      }
    }
    json.put("broken", broken).put("good", findings.isClean());
    System.out.println(
        findings.isClean()
            ? "Good: no acknowledged sale lost, none paid twice, none to a superseded or frozen card, nothing uncounted."
            : "NOT good. The same again: --seed " + options.seed());
  }

  private static JsonObject fault(Fault fault, List<Duration> took) {
    long most = took.stream().mapToLong(Duration::toMillis).max().orElse(0);
    System.out.printf(
        Locale.ROOT,
        "  %-18s %3d times, all nodes back after %.1f s at most%n",
        fault,
        took.size(),
        most / 1e3);
    return new JsonObject()
        .put("fault", fault.name())
        .put("times", took.size())
        .put("backAfterMillis", new JsonArray(took.stream().map(Duration::toMillis).toList()));
  }

  private void counts(TrafficCounts sales, CardChanges cards, ConservationProbe probe) {
    System.out.println(
        "Sales: "
            + sales.acknowledged.sum()
            + " acknowledged, "
            + sales.resent.sum()
            + " sent again, "
            + sales.repeated.sum()
            + " repeated on purpose, "
            + sales.notOffered.sum()
            + " not offered");
    System.out.println(
        "Cards: "
            + cards.changed()
            + " changed, "
            + cards.frozen()
            + " frozen and thawed, "
            + cards.undecided()
            + " without an answer, "
            + cards.notStarted()
            + " not begun");
    System.out.println(
        "Conservation: "
            + probe.samples()
            + " samples, "
            + probe.missed()
            + " seconds without a database");
    json.put("failedInRestarts", failedInRestarts)
        .put("resent", sales.resent.sum())
        .put("repeated", sales.repeated.sum())
        .put("cardsChanged", cards.changed())
        .put("frozen", cards.frozen())
        .put("undecided", cards.undecided())
        .put("samples", probe.samples());
  }

  void write(Path file) throws IOException {
    Files.writeString(file, json.encodePrettily() + "\n");
  }
}
