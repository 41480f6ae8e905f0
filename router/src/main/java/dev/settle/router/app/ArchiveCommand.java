package dev.settle.router.app;

import dev.settle.router.platform.Settings;
import dev.settle.router.retention.Archive;
import dev.settle.router.retention.ArchiveStep;
import dev.settle.router.retention.ArchiveWatch;
import dev.settle.router.retention.MonthReport;
import java.io.PrintWriter;
import java.sql.Connection;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code settle archive}: lets closed months leave the hot tables. */
@Command(
    name = "archive",
    description =
        "Move closed months out of the hot tables; exit 0, or 1 when somebody has to look.",
    mixinStandardHelpOptions = true)
public final class ArchiveCommand implements Callable<Integer> {

  @Option(
      names = "--before",
      paramLabel = "DATE",
      description =
          "Only months that end before that day, such as 2026-01-01. Without it: all that may leave.")
  private @Nullable LocalDate before;

  @Option(names = "--dry-run", description = "Only say what would leave, and what keeps the rest.")
  private boolean dryRun;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Settings.Database database = Settings.readDatabase();
    Duration window = Settings.readReplayWindow();
    SchemaCheck.require(database);
    try (Connection connection = BlockingDatabase.connect(database)) {
      Progress progress = new Progress(spec.commandLine().getErr());
      return report(new Archive(connection, window, new Watch(progress)).run(before, dryRun));
    }
  }

  private int report(Archive.Report report) {
    PrintWriter out = spec.commandLine().getOut();
    List<MonthReport> months = report.months();
    if (months == null) {
      out.println("another `settle archive` is at work on this database; nothing was done");
    } else {
      out.println("months that end before " + report.horizon() + " may leave");
      months.forEach(month -> out.println(month.text()));
      if (months.isEmpty()) {
        out.println("none is hot");
      }
    }
    out.flush();
    return report.isGood() ? Cli.GOOD : Cli.BROKEN_PROMISE;
  }

  /** Tells a person how far it is. */
  private static final class Watch implements ArchiveWatch {

    private final Progress progress;
    private long pieces;

    Watch(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void reached(LocalDate month, ArchiveStep step) {
      if (step == ArchiveStep.FOLLOWED) {
        progress.tell("moved", ++pieces, "pieces of what belongs to archived credits");
      }
    }

    @Override
    public void pause(Duration time) throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
  }
}
