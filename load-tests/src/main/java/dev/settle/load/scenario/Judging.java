package dev.settle.load.scenario;

import dev.settle.demo.node.Scrape;
import dev.settle.load.stage.Sample;
import dev.settle.load.stage.Stage;
import dev.settle.load.stage.Tally;
import dev.settle.load.stage.Verdict;
import dev.settle.load.stage.Watch;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Predicate;

/** Promises that several scenarios make, looked at in the same way. Blocking. */
final class Judging {

  private static final Duration POSTED_WITHIN = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 200;

  private static final String TRANSACTIONS = "settlement_transactions_total";

  private final Stage stage;
  private final Verdict verdict;

  Judging(Stage stage, Verdict verdict) {
    this.stage = stage;
    this.verdict = verdict;
  }

  /** Every request of a kind was answered 201, and none of these is held. */
  void allAccepted(String kind) {
    all(kind, Selling.ACCEPTED, "every " + kind + " was accepted");
  }

  /** Every request of a kind was answered 201, held or not. */
  void allAcceptedOrHeld(String kind) {
    Tally tally = stage.tally();
    long all = tally.count(kind);
    long held = tally.count(kind, Selling.HELD);
    long good = tally.count(kind, Selling.ACCEPTED) + held;
    verdict.promise(
        "every " + kind + " was accepted",
        all > 0 && good == all,
        String.format(Locale.ROOT, "%,d of %,d, of these %,d held", good, all, held)
            + tally.otherThan(kind, Selling.ACCEPTED));
  }

  /** All of a kind had one outcome, and there were any. */
  void all(String kind, String outcome, String promise) {
    long all = stage.tally().count(kind);
    long good = stage.tally().count(kind, outcome);
    verdict.promise(
        promise,
        all > 0 && good == all,
        String.format(Locale.ROOT, "%,d of %,d", good, all)
            + stage.tally().otherThan(kind, outcome));
  }

  /** Says how long the answers of a kind took in a phase; {@code ""} is all of them. */
  void times(String kind, String phase) {
    String name = phase.isEmpty() ? kind : kind + " " + phase;
    verdict.figure(phase.isEmpty() ? kind : kind + ", " + phase, stage.tally().times(name));
  }

  /** A percentile of a kind in a phase is below a bound. */
  void percentile(String name, double percentile, long mostMillis, String promise) {
    long millis = stage.tally().percentile(name, percentile);
    verdict.promise(
        String.format(Locale.ROOT, "%s, p%.0f under %,d ms", promise, percentile, mostMillis),
        stage.tally().count(name) > 0 && millis < mostMillis,
        String.format(Locale.ROOT, "%,d ms", millis));
  }

  /** Says how many of a kind there were a second in a phase. */
  void rate(String kind, String phase) {
    verdict.figure(
        kind + "s a second, " + phase,
        String.format(Locale.ROOT, "%,.0f", stage.tally().perSecond(kind + " " + phase)));
  }

  /**
   * The router has counted as many new transactions as its clients were told of: nothing is owed
   * twice.
   */
  void acceptedByTheRouter(long told) throws IOException, InterruptedException {
    Scrape scrape = stage.calls().metrics();
    if (scrape == null) {
      return;
    }
    long counted =
        (long)
                (scrape.sum(TRANSACTIONS, "outcome=\"accepted\"")
                    + scrape.sum(TRANSACTIONS, "outcome=\"held\""))
            - stage.acceptedBefore();
    verdict.promise(
        "the router accepted each sale once",
        counted == told,
        String.format(Locale.ROOT, "%,d by its count, %,d were told so", counted, told));
  }

  /** The audit of the fence found nothing that was sent to a superseded card. */
  void neverSuperseded() throws IOException, InterruptedException {
    Scrape scrape = stage.calls().metrics();
    if (scrape != null) {
      long superseded = (long) scrape.sum("settlement_superseded_dispatch_total", "");
      long caught = (long) scrape.sum("settlement_stale_lookups_caught_total", "");
      verdict.promise(
          "no credit was sent to a superseded card",
          superseded == 0,
          superseded + "; the fence caught " + caught);
    }
  }

  /**
   * The router holds no more in one part of the run than in another: on its heap after collections,
   * and in its process at most. Garbage is left out of the heap by taking the least of each part,
   * so parts should be long enough for a collection.
   */
  void flatMemory(Predicate<Sample> before, Predicate<Sample> after) {
    Watch watch = stage.watch();
    long first = watch.least(before, Sample::heapMb);
    long last = watch.least(after, Sample::heapMb);
    if (first < 0 || last < 0) {
      verdict.figure("memory", "not known: the router's process is not ours");
      return;
    }
    flat(
        "what the heap holds after collections is flat",
        ProcessMemory.flatHeap(first, last),
        first,
        last);
    long held = watch.most(before, Sample::residentMb);
    long heldLast = watch.most(after, Sample::residentMb);
    if (held < 0 || heldLast < 0) {
      verdict.figure("memory of the process", "not known: ps does not say");
      return;
    }
    flat(
        "what the process holds at most is flat",
        ProcessMemory.flatResident(held, heldLast),
        held,
        heldLast);
  }

  private void flat(String promise, boolean kept, long first, long last) {
    verdict.promise(promise, kept, String.format(Locale.ROOT, "%,d MB, then %,d MB", first, last));
  }

  /** Nothing is left unposted, in a time after the last answer. */
  void allPosted() throws IOException, InterruptedException {
    allPosted(POSTED_WITHIN);
  }

  /** The same within {@code most}. */
  void allPosted(Duration most) throws IOException, InterruptedException {
    long began = System.nanoTime();
    long unposted = stage.calls().unposted();
    while (unposted > 0 && System.nanoTime() - began < most.toNanos()) {
      Thread.sleep(LOOK_MILLIS);
      unposted = stage.calls().unposted();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    verdict.promise(
        "everything accepted was posted",
        unposted == 0,
        unposted == 0
            ? String.format(Locale.ROOT, "%.1f s after the last answer", seconds)
            : String.format(Locale.ROOT, "%,d credits are not, after %.0f s", unposted, seconds));
  }
}
