package dev.settle.load.growth;

import dev.settle.demo.WorkingDirectory;
import dev.settle.load.client.Programs;
import dev.settle.load.client.Terminals;
import dev.settle.load.client.Unwinding;
import dev.settle.load.client.UploadFiles;
import dev.settle.load.client.Uploads;
import dev.settle.load.client.WorkFolder;
import dev.settle.load.client.Wrk;
import dev.settle.load.stand.RouterProcess;
import dev.settle.load.stand.Stand;
import dev.settle.router.invariant.InvariantReport;
import java.util.List;
import java.util.Map;

/**
 * One run, from top to bottom: measured without history, then with ever more, and with open
 * departures; verified at the end. Started by {@code load-tests/growth/run}.
 */
final class GrowthRun {

  private final GrowthOptions options;
  private final GrowthReport report;

  GrowthRun(GrowthOptions options, GrowthReport report) {
    this.options = options;
    this.report = report;
  }

  /** Runs; true when everything is as promised. */
  boolean run() throws Exception {
    try (Unwinding unwinding = Unwinding.ofThisThread();
        WorkFolder work = WorkFolder.open(options.keep());
        WorkingDirectory directory = WorkingDirectory.open(work.path());
        Stand stand =
            Stand.start(
                directory,
                options.port(),
                GrowthOptions.MERCHANTS,
                Map.of("SETTLE_REPLAY_WINDOW_DAYS", String.valueOf(ArchiveTrial.WINDOW_DAYS)))) {
      Programs programs = new Programs(directory.root());
      Terminals terminals = stand.terminals(GrowthOptions.MERCHANTS);
      Wrk wrk = new Wrk(programs, terminals);
      UploadFiles files = new UploadFiles(directory.root(), "upload", options.size().lines());
      Uploads uploads = new Uploads(programs, terminals, files);
      try (RouterProcess router = RouterProcess.attach(stand.routerPid())) {
        grow(stand, new Measurement(stand, wrk, uploads, router));
      }
      if (options.archive()) {
        report.say("closed months leave while terminals sell …");
        report.archived(new ArchiveTrial(stand, wrk, options.size().connections()).run());
      }
      report.say("verifying from the rows …");
      verify(stand);
    }
    return report.end();
  }

  private void grow(Stand stand, Measurement measurement) throws Exception {
    List<Long> sizes = options.sizes();
    Fill fill = Fill.prepare(stand, GrowthOptions.MERCHANTS, options.plan());
    report.say("warming up …");
    measurement.warmUp(options.size());
    long have = 0;
    int departures = 0;
    for (long want : sizes) {
      double filled = 0;
      if (want > have) {
        report.say(String.format("filling up to %,d credits …", want));
        long from = System.nanoTime();
        fill.grow(have, want);
        if (departures == 0 && options.departures() > 0) {
          departures = options.departures();
          new OpenDepartures(stand).make(GrowthOptions.MERCHANTS, departures);
        }
        filled = (System.nanoTime() - from) / 1e9;
        report.say(String.format("filled in %.1f s", filled));
        have = want;
      }
      report.add(measurement.at(want, departures, filled, options.size()));
    }
  }

  private void verify(Stand stand) throws Exception {
    stand.stopRouter();
    long from = System.nanoTime();
    InvariantReport found = stand.invariants();
    report.verified((System.nanoTime() - from) / 1e9, found.allHold() ? "" : found.text());
  }
}
