package dev.settle.demo;

import dev.settle.demo.display.Figures;
import dev.settle.demo.node.Counter;
import dev.settle.demo.node.NodeClient;
import dev.settle.demo.node.Scrape;
import dev.settle.demo.terminal.AcceptLatency;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The figures of the live line, read from the nodes' metrics; counts go on over the death of a
 * node. Belongs to one thread.
 */
final class LiveFigures {

  private static final String TRANSACTIONS = "settlement_transactions_total";
  private static final String STALENESS = "settlement_binding_staleness_seconds";
  private static final String STALE = "stale";
  private static final String UNPOSTED = "settlement_unposted_credits";

  /** Reasons of credits that are on their way; every other one waits for somebody's move. */
  private static final List<String> UNDER_WAY = List.of("QUEUED", "AT_BANK", "IN_DOUBT");

  private final NodeClient client;
  private final PortPlan ports;
  private final List<Map<String, Counter>> counters = new ArrayList<>();
  private long lastAccepted;
  private long lastReadNanos = System.nanoTime();
  private double lastPosted;
  private double lastPostedSeconds;
  private double stalest;
  private long unposted;
  private long held;

  LiveFigures(NodeClient client, PortPlan ports, int nodes) {
    this.client = client;
    this.ports = ports;
    for (int node = 0; node < nodes; node++) {
      add();
    }
  }

  /** How many nodes there are. */
  int nodes() {
    return counters.size();
  }

  /** A node that joined, after the others. */
  void add() {
    counters.add(new HashMap<>());
  }

  /** Reads every node once; one that does not answer keeps its last reading. Blocking. */
  void read() throws InterruptedException {
    for (int node = 0; node < counters.size(); node++) {
      try {
        NodeClient.Answer answer = client.get(ports.management(node), "/metrics");
        if (answer.status() == 200) {
          take(counters.get(node), Scrape.parse(answer.body()));
        }
      } catch (IOException dead) {
        // A node that is down is reported by whoever watches its process.
      }
    }
  }

  private void take(Map<String, Counter> of, Scrape scrape) {
    for (String outcome : List.of("accepted", "held", "replayed", "refused", "conflict")) {
      count(of, outcome, scrape.sum(TRANSACTIONS, "outcome=\"" + outcome + "\""));
    }
    count(of, "posted", scrape.sum("settlement_credits_posted_total", ""));
    count(of, "postedLatencyCount", scrape.sum("settlement_posted_latency_seconds_count", ""));
    count(of, "postedLatencySum", scrape.sum("settlement_posted_latency_seconds_sum", ""));
    count(of, "staleLookups", scrape.sum("settlement_stale_lookups_caught_total", ""));
    count(of, "rerouted", scrape.sum("settlement_rerouted_total", ""));
    count(of, "released", scrape.sum("settlement_released_total", ""));
    for (double seconds : StalenessBuckets.SECONDS) {
      count(
          of, STALE + seconds, scrape.sum(STALENESS + "_bucket", StalenessBuckets.label(seconds)));
    }
    count(of, STALE, scrape.sum(STALENESS + "_count", ""));
    stalest = Math.max(stalest, scrape.sum(STALENESS + "_max", "") * 1_000);
    count(of, "cardChanges", scrape.sum("settlement_card_changes_total", "state=\"EFFECTIVE\""));
    unposted = (long) scrape.sum(UNPOSTED, "");
    double underWay = 0;
    for (String reason : UNDER_WAY) {
      underWay += scrape.sum(UNPOSTED, "reason=\"" + reason + "\"");
    }
    held = unposted - (long) underWay;
  }

  private static void count(Map<String, Counter> of, String name, double value) {
    of.computeIfAbsent(name, absent -> new Counter()).read(value);
  }

  /** The line of now; {@code latency} is null when no terminals play. */
  Figures figures(Duration elapsed, @Nullable Duration runFor, @Nullable AcceptLatency latency) {
    long now = System.nanoTime();
    long accepted = accepted();
    long nanos = Math.max(1, now - lastReadNanos);
    long perSecond = Math.round((accepted - lastAccepted) * 1e9 / nanos);
    lastReadNanos = now;
    lastAccepted = accepted;
    Histogram interval = latency == null ? new Histogram(1) : latency.interval();
    boolean any = interval.getTotalCount() > 0;
    return new Figures(
        elapsed,
        runFor,
        accepted,
        total("posted"),
        unposted,
        held,
        total("cardChanges"),
        perSecond,
        any ? interval.getValueAtPercentile(50) : 0,
        any ? interval.getValueAtPercentile(99) : 0,
        postedMillis());
  }

  private @Nullable Long postedMillis() {
    double count = sum("postedLatencyCount");
    double seconds = sum("postedLatencySum");
    double since = count - lastPosted;
    double secondsSince = seconds - lastPostedSeconds;
    lastPosted = count;
    lastPostedSeconds = seconds;
    return since <= 0 ? null : Math.round(secondsSince * 1_000 / since);
  }

  private long accepted() {
    return total("accepted") + total("held");
  }

  long replayed() {
    return total("replayed");
  }

  long refused() {
    return total("refused") + total("conflict");
  }

  long staleLookupsCaught() {
    return total("staleLookups");
  }

  /** How late the nodes were in routing by changes, over all of them and the whole run. */
  StalenessBuckets staleness() {
    return StalenessBuckets.of(seconds -> (long) sum(STALE + seconds), total(STALE), stalest);
  }

  long released() {
    return total("released");
  }

  long rerouted() {
    return total("rerouted");
  }

  long cardChanges() {
    return total("cardChanges");
  }

  private long total(String name) {
    return (long) sum(name);
  }

  private double sum(String name) {
    return counters.stream()
        .mapToDouble(of -> of.containsKey(name) ? of.get(name).total() : 0)
        .sum();
  }
}
