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
import dev.settle.load.stand.Freezes;
import dev.settle.load.stand.RouterProcess;
import dev.settle.load.stand.Stand;
import dev.settle.router.invariant.InvariantReport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run, from top to bottom: what the router takes at most is found, then a share of it is
 * offered for long while samples are taken; at the end everything is posted and verified. Started
 * by {@code load-tests/soak/run}.
 */
final class SoakRun {

  /** Answers that may be late at the end, of what was asked for. */
  private static final double OFFERED = 0.99;

  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final int TRIALS = 3;

  /** Samples. */
  private static final int TELL_EVERY = 12;

  /** Less than that says nothing of quarters. */
  private static final int LEAST_SAMPLES = 4;

  private final SoakOptions options;
  private final long started = System.nanoTime();
  private final List<String> faults = new ArrayList<>();
  private final JsonObject json = new JsonObject();
  private int told;

  SoakRun(SoakOptions options) {
    this.options = options;
  }

  private void say(String line) {
    System.out.printf(
        Locale.ROOT,
        "%7.1f s  %s%n",
        (System.nanoTime() - started) / (double) TimeUnit.SECONDS.toNanos(1),
        line);
  }

  /** Runs; true when everything is as promised. */
  boolean run() throws Exception {
    try (SampleLog log = SampleLog.open(options.csv())) {
      try {
        play(log);
      } finally {
        faults.forEach(fault -> System.out.println("MISSED: " + fault));
      }
      write(log.samples());
    }
    return faults.isEmpty();
  }

  private void play(SampleLog log) throws Exception {
    try (Unwinding unwinding = Unwinding.ofThisThread();
        WorkFolder work = WorkFolder.open(options.keep());
        WorkingDirectory directory = WorkingDirectory.open(work.path());
        Stand stand = Stand.start(directory, options.port(), SoakOptions.MERCHANTS, Map.of())) {
      Wrk wrk = new Wrk(new Programs(directory.root()), stand.terminals(SoakOptions.MERCHANTS));
      double rate = rate(stand, wrk);
      soak(stand, wrk, rate, log);
      judge(log.samples());
      say("verifying from the rows …");
      verify(stand);
    }
  }

  private double rate(Stand stand, Wrk wrk) throws Exception {
    say("warming up …");
    wrk.closed(options.connections(), WARM_UP);
    if (options.rate() > 0) {
      return options.rate();
    }
    List<Double> seen = new ArrayList<>();
    for (int trial = 0; trial < TRIALS; trial++) {
      seen.add(wrk.closed(options.connections(), WARM_UP).perSecond());
      stand.awaitPosted();
    }
    double most = seen.stream().sorted().toList().get(TRIALS / 2);
    double rate = most * options.share();
    json.put("mostPerSecond", most);
    say(String.format(Locale.ROOT, "at most %.0f a second; offering %.0f", most, rate));
    return rate;
  }

  private void soak(Stand stand, Wrk wrk, double rate, SampleLog log) throws Exception {
    int seconds = (int) options.length().toSeconds();
    json.put("offeredPerSecond", rate).put("seconds", seconds);
    try (Connection database = stand.connect();
        RouterProcess router = RouterProcess.attach(stand.routerPid())) {
      Sampler sampler = new Sampler(stand.managementPort(), router, database);
      Freezes freezes = new Freezes(stand);
      Sampling sampling = new Sampling(sampler::take, Orders.by(freezes), log, this::tell);
      Running load = wrk.paced(options.connections(), options.length(), rate);
      boolean whole = false;
      try {
        whole = sampling.run(options.length(), options.every(seconds));
      } finally {
        if (!whole) {
          load.stop();
        }
      }
      faults.addAll(sampling.faults());
      json.put("freezes", freezes.times()).put("missedSamples", sampling.missed());
      if (whole) {
        judge(load, rate);
      }
    }
    try {
      stand.awaitPosted();
    } catch (BrokenPromise late) {
      // It is verified all the same: what is not posted has to be unposted.
      faults.add(String.valueOf(late.getMessage()));
    }
  }

  private void judge(Running load, double rate) throws IOException, InterruptedException {
    try {
      WrkReport seen = Wrk.report(load, options.length());
      say("wrk: " + seen);
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
    say(
        String.format(
            Locale.ROOT,
            "%.0f/s, p50 %.1f p99 %.1f ms, %d unposted; router %.0f MB, heap %.0f MB; %d checkpoints, %d autovacuums",
            sample.perSecond(),
            sample.p50Millis(),
            sample.p99Millis(),
            sample.unposted(),
            sample.residentMegabytes(),
            sample.heapAfterMegabytes(),
            sample.checkpoints(),
            sample.vacuums()));
  }

  private void write(List<Sample> samples) throws IOException {
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
    stand.stopRouter();
    long from = System.nanoTime();
    InvariantReport report = stand.invariants();
    say(String.format(Locale.ROOT, "verified in %.1f s", (System.nanoTime() - from) / 1e9));
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
