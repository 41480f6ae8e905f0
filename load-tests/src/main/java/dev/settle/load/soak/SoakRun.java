package dev.settle.load.soak;

import dev.settle.demo.WorkingDirectory;
import dev.settle.load.client.Programs;
import dev.settle.load.client.Programs.Running;
import dev.settle.load.client.RefusedSlice;
import dev.settle.load.client.Unwinding;
import dev.settle.load.client.WorkFolder;
import dev.settle.load.client.Wrk;
import dev.settle.load.client.WrkReport;
import dev.settle.load.soak.Sampling.Orders;
import dev.settle.load.stand.BrokenPromise;
import dev.settle.load.stand.FlatMemory;
import dev.settle.load.stand.Freezes;
import dev.settle.load.stand.Progress;
import dev.settle.load.stand.RouterProcess;
import dev.settle.load.stand.Stand;
import dev.settle.router.invariant.InvariantReport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One run, from top to bottom: what the router takes at most is found, then a share of it is
 * offered for long while samples are taken; at the end everything is posted and verified. Started
 * by {@code load-tests/soak/run}.
 */
final class SoakRun {

  /** Of what was due, so much has to be answered. */
  private static final double OFFERED = 0.99;

  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final int TRIALS = 3;

  /** Samples. */
  private static final int TELL_EVERY = 12;

  /** Less than that says nothing of quarters. */
  private static final int LEAST_SAMPLES = 4;

  private static final double MEGABYTE = 1024.0 * 1024;

  private final SoakOptions options;
  private final Progress progress = new Progress(System.out);
  private final List<String> faults = new ArrayList<>();
  private final JsonObject json = new JsonObject();
  private int told;

  SoakRun(SoakOptions options) {
    this.options = options;
  }

  /** Runs; true when everything is as promised. */
  boolean run() throws Exception {
    try (Unwinding unwinding = Unwinding.ofThisThread();
        SampleLog log = SampleLog.open(options.csv());
        // What was seen is wanted most of a run that ends badly.
        AutoCloseable report = () -> report(log.samples())) {
      try {
        play(log);
      } catch (Exception failed) {
        json.put("ended", String.valueOf(failed));
        throw failed;
      }
    }
    return faults.isEmpty();
  }

  private void play(SampleLog log) throws Exception {
    try (WorkFolder work = WorkFolder.open(options.keep());
        WorkingDirectory directory = WorkingDirectory.open(work.path());
        Stand stand = Stand.start(directory, options.port(), SoakOptions.MERCHANTS, Map.of())) {
      Wrk wrk = new Wrk(new Programs(directory.root()), stand.terminals(SoakOptions.MERCHANTS));
      soak(stand, wrk, load(stand, wrk), log);
      judge(log.samples());
      progress.say("verifying from the rows …");
      verify(stand);
    }
  }

  /**
   * What is offered.
   *
   * @param connections that it comes on
   */
  private record Load(int connections, double perSecond) {}

  private Load load(Stand stand, Wrk wrk) throws Exception {
    progress.say("warming up …");
    List<Integer> counts = options.connections();
    wrk.closed(counts.get(0), WARM_UP);
    stand.awaitPosted();
    if (options.rate() > 0) {
      return new Load(counts.get(0), options.rate());
    }
    Load most = new Load(counts.get(0), 0);
    for (int connections : counts) {
      double perSecond = most(stand, wrk, connections);
      progress.say("at most %,.0f a second on %d connections", perSecond, connections);
      if (perSecond > most.perSecond()) {
        most = new Load(connections, perSecond);
      }
    }
    json.put("mostPerSecond", most.perSecond());
    Load load = new Load(most.connections(), most.perSecond() * options.share());
    progress.say("offering %,.0f a second", load.perSecond());
    return load;
  }

  private static double most(Stand stand, Wrk wrk, int connections) throws Exception {
    List<Double> seen = new ArrayList<>();
    for (int trial = 0; trial < TRIALS; trial++) {
      seen.add(wrk.closed(connections, WARM_UP).perSecond());
      stand.awaitPosted();
    }
    return seen.stream().sorted().toList().get(TRIALS / 2);
  }

  private void soak(Stand stand, Wrk wrk, Load load, SampleLog log) throws Exception {
    int seconds = (int) options.length().toSeconds();
    json.put("connections", load.connections())
        .put("offeredPerSecond", load.perSecond())
        .put("seconds", seconds);
    try (Connection database = stand.connect();
        RouterProcess router = RouterProcess.attach(stand.routerPid())) {
      long heapBefore = router.heapWithoutGarbageBytes();
      Sampler sampler = new Sampler(stand.managementPort(), router, database);
      Freezes freezes = new Freezes(stand);
      Sampling sampling = new Sampling(sampler::take, Orders.by(freezes), log, this::tell);
      Running selling = wrk.paced(load.connections(), options.length(), load.perSecond());
      boolean whole = false;
      try {
        whole = sampling.run(options.length(), options.every(seconds));
      } finally {
        if (!whole) {
          selling.stop();
        }
      }
      faults.addAll(sampling.faults());
      json.put("freezes", freezes.times()).put("missedSamples", sampling.missed());
      if (whole) {
        judge(selling, load.perSecond(), options.every(seconds));
      }
      awaitPosted(stand);
      judgeHeap(heapBefore / MEGABYTE, router);
    }
  }

  private void awaitPosted(Stand stand) throws SQLException, IOException, InterruptedException {
    try {
      stand.awaitPosted();
    } catch (BrokenPromise late) {
      // It is verified all the same: what is not posted has to be unposted.
      faults.add(String.valueOf(late.getMessage()));
    }
  }

  /** Warm and idle, before the load and after it: a collection of everything stops the line. */
  private void judgeHeap(double before, RouterProcess router) {
    double after;
    try {
      after = router.heapWithoutGarbageBytes() / MEGABYTE;
    } catch (IOException noAnswer) {
      faults.add("the router's heap cannot be looked at: " + noAnswer);
      return;
    }
    progress.say("heap without garbage: %.1f MB before, %.1f after", before, after);
    json.put("heapMegabytesBefore", before).put("heapMegabytesAfter", after);
    if (!FlatMemory.is(before, after)) {
      faults.add(
          String.format(
              Locale.ROOT, "the heap without garbage grew from %.1f to %.1f MB", before, after));
    }
  }

  /**
   * @param left until it ends, at most
   */
  private void judge(Running selling, double rate, Duration left)
      throws IOException, InterruptedException {
    try {
      WrkReport seen = Wrk.report(selling, left);
      progress.say("wrk: %s", seen);
      json.put("requests", seen.answers())
          .put("p50Millis", seen.p50Millis())
          .put("p99Millis", seen.p99Millis());
      if (seen.answers() < rate * options.length().toSeconds() * OFFERED) {
        faults.add("only " + seen.answers() + " requests were answered: the load was not kept up");
      }
    } catch (RefusedSlice failed) {
      faults.add("requests failed: " + failed.getMessage());
    }
  }

  private void tell(Sample sample) {
    if (++told % TELL_EVERY != 0) {
      return;
    }
    progress.say(
        "%.0f/s, p50 %.1f p99 %.1f ms, %d unposted; router %.0f MB; %d checkpoints, %d autovacuums",
        sample.perSecond(),
        sample.p50Millis(),
        sample.p99Millis(),
        sample.unposted(),
        sample.residentMegabytes(),
        sample.checkpoints(),
        sample.vacuums());
  }

  private void report(List<Sample> samples) throws IOException {
    faults.forEach(fault -> System.out.println("MISSED: " + fault));
    if (options.svg() != null && !samples.isEmpty()) {
      Files.writeString(options.svg(), SoakPlot.of(samples));
    }
    if (options.json() != null) {
      json.put("missed", new JsonArray(faults));
      Files.writeString(options.json(), json.encodePrettily() + "\n");
    }
  }

  private void judge(List<Sample> samples) {
    if (samples.size() < LEAST_SAMPLES) {
      faults.add("only " + samples.size() + " samples were taken: nothing is known of it");
      return;
    }
    Flatness flatness = Flatness.of(samples);
    System.out.println("median of the second quarter → of the last:");
    flatness.lines().forEach(line -> System.out.println("  " + line));
    if (!flatness.isFlat()) {
      faults.add("what should be flat grew");
    }
    Sample last = samples.get(samples.size() - 1);
    json.put("checkpoints", last.checkpoints() - samples.get(0).checkpoints())
        .put("autovacuums", last.vacuums() - samples.get(0).vacuums())
        .put("walBytes", last.walBytes() - samples.get(0).walBytes())
        .put(
            "p99MillisMedian",
            samples.stream().mapToDouble(Sample::p99Millis).sorted().toArray()[samples.size() / 2])
        .put("p99MillisMost", samples.stream().mapToDouble(Sample::p99Millis).max().orElse(0));
  }

  /** From the rows, and the bank's sums: its single bookings would not fit into memory. */
  private void verify(Stand stand) throws Exception {
    JsonObject bank = stand.bankSummary();
    stand.stopRouter().ifPresent(faults::add);
    long from = System.nanoTime();
    InvariantReport report = stand.invariants();
    progress.say("verified in %.1f s", (System.nanoTime() - from) / 1e9);
    if (!report.allHold()) {
      faults.add("an invariant does not hold:\n" + report.text());
    }
    JsonObject posted = report.json().getJsonObject("posted");
    json.put("posted", posted).put("unposted", report.json().getJsonObject("unposted"));
    if (!posted.equals(bank)) {
      faults.add("posted here " + posted + ", at the bank " + bank);
    }
  }
}
