package dev.settle.load.growth;

import dev.settle.demo.WorkingDirectory;
import dev.settle.load.client.WorkFolder;
import dev.settle.load.stand.Progress;
import dev.settle.load.stand.Stand;
import dev.settle.router.invariant.InvariantReport;
import java.util.Map;

/**
 * One run, from top to bottom: a book is measured with ever more history, and with open departures,
 * each time beside a young one, that holds only what the measurement itself sold; both are verified
 * at the end. Started by {@code load-tests/growth/run}.
 */
final class GrowthRun {

  private final GrowthOptions options;
  private final GrowthReport report;
  private final Progress progress;

  GrowthRun(GrowthOptions options, GrowthReport report) {
    this.options = options;
    this.report = report;
    progress = report.progress();
  }

  /** Runs; the report has what was seen. */
  void run() throws Exception {
    try (WorkFolder work = WorkFolder.open(options.keep());
        WorkingDirectory youngFolder = WorkingDirectory.open(work.path().resolve("young"));
        WorkingDirectory grownFolder = WorkingDirectory.open(work.path().resolve("grown"));
        Stand young = start(youngFolder, options.youngPort());
        Stand grown = start(grownFolder, options.port())) {
      int lines = options.size().lines();
      try (LoadedBook youngBook = LoadedBook.of(young, youngFolder.root(), lines);
          LoadedBook grownBook = LoadedBook.of(grown, grownFolder.root(), lines)) {
        grow(grown, new Measurement(youngBook, grownBook, progress, report.attempts()));
        if (options.archive()) {
          progress.say("closed months leave while terminals sell …");
          report.archived(
              new ArchiveTrial(grown, grownBook.wrk(), options.size().connections()).run());
        }
      }
      progress.say("verifying from the rows …");
      verify("grown", grown);
      verify("young", young);
    }
  }

  private static Stand start(WorkingDirectory folder, int port) throws Exception {
    return Stand.start(
        folder,
        port,
        GrowthOptions.MERCHANTS,
        Map.of("SETTLE_REPLAY_WINDOW_DAYS", String.valueOf(ArchiveTrial.WINDOW_DAYS)));
  }

  private void grow(Stand stand, Measurement measurement) throws Exception {
    Fill fill = Fill.prepare(stand, GrowthOptions.MERCHANTS, options.plan());
    progress.say("warming up …");
    measurement.warmUp(options.size());
    long have = 0;
    int departures = 0;
    for (long want : options.sizes()) {
      double filled = 0;
      if (want > have) {
        progress.say("filling up to %,d credits …", want);
        long from = System.nanoTime();
        fill.grow(have, want);
        if (departures == 0 && options.departures() > 0) {
          departures = options.departures();
          new OpenDepartures(stand).make(GrowthOptions.MERCHANTS, departures);
        }
        filled = (System.nanoTime() - from) / 1e9;
        progress.say("filled in %.1f s", filled);
        have = want;
      }
      report.add(measurement.at(want, departures, filled, options.size()));
    }
  }

  private void verify(String name, Stand stand) throws Exception {
    stand.stopRouter().ifPresent(report::missed);
    long from = System.nanoTime();
    InvariantReport found = stand.invariants();
    report.verified(name, (System.nanoTime() - from) / 1e9, found.allHold() ? "" : found.text());
  }
}
