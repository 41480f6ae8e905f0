package dev.settle.load.growth;

import dev.settle.load.client.Unwinding;
import dev.settle.load.client.UploadFiles;
import dev.settle.load.stand.Ended;
import dev.settle.load.stand.Given;
import dev.settle.load.stand.OutputFile;
import dev.settle.router.platform.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code load-tests/growth/run}. */
@Command(
    name = "load-tests/growth/run",
    description =
        "Throughput, scrapes and memory with ever more history in the tables, beside a young book.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class GrowthOptions implements Callable<Integer> {

  /** That sell; an even number. */
  static final int MERCHANTS = 1_000;

  private static final long MILLION = 1_000_000;

  /** The young book's ports, of those of the grown one. */
  private static final int YOUNG_ABOVE = 10;

  /** One for each thread of wrk's. */
  private static final int LEAST_CONNECTIONS = 2;

  @Option(
      names = "--sizes",
      split = ",",
      paramLabel = "N",
      description =
          "Posted credits in the tables, in millions, ascending; of six months at most. At 0 both"
              + " books are young, and what is measured is the method's error.")
  private List<Integer> millions = List.of(10, 50);

  @Option(
      names = "--per-month",
      paramLabel = "N",
      description =
          "Credits of one month, in millions: the more there are, the further they go back.")
  private int perMonth = 10;

  @Option(
      names = "--departures",
      description =
          "Open ones, from the first size above 0 on; a multiple of 100, at most 409,500.")
  private int departures = 100_000;

  @Option(
      names = "--rounds",
      description =
          "Rounds of single and bulk load at each size: grown book, young, young, grown, which are"
              + " two pairs.")
  private int rounds = 3;

  @Option(names = "--seconds", description = "Of single load in a slice, a quarter of a round.")
  private int seconds = 6;

  @Option(names = "--lines", description = "Of bulk load in a slice.")
  private int lines = 200_000;

  @Option(names = "--connections", description = "Of single load.")
  private int connections = 128;

  @Option(
      names = "--archive",
      description = "At the end, let closed months leave while terminals sell.")
  private boolean archive;

  @Option(
      names = "--port",
      description =
          "Public API; management, bank and cluster are above it, and the same of the young book "
              + YOUNG_ABOVE
              + " above each.")
  private int port = 18_980;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON as well.")
  private @Nullable Path json;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description =
          "Put the data there, in young and grown, and leave it, for a look at it afterwards.")
  private @Nullable Path keep;

  public static void main(String[] arguments) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.exit(Ended.execute(new CommandLine(new GrowthOptions()), "growth", arguments));
  }

  @Override
  public Integer call() throws Exception {
    check();
    GrowthReport report = new GrowthReport(json);
    // What was seen is wanted most of a run that ends badly.
    try (Unwinding unwinding = Unwinding.ofThisThread();
        report) {
      try {
        new GrowthRun(this, report).run();
      } catch (Exception failed) {
        report.ended(failed);
        throw failed;
      }
    }
    return report.isGood() ? 0 : 1;
  }

  private void check() {
    Given.within("--per-month", perMonth, 1, 1_000);
    OpenDepartures.check(departures, 0);
    Given.within("--rounds", rounds, 1, 1_000);
    Given.within("--seconds", seconds, 1, 3_600);
    Given.within("--lines", lines, UploadFiles.AT_ONCE, 10 * MILLION);
    Given.within("--connections", connections, LEAST_CONNECTIONS, 10_000);
    Given.port(port, YOUNG_ABOVE);
    List<Integer> ascending = millions.stream().sorted().toList();
    if (!ascending.equals(millions)
        || millions.get(0) < 0
        || ascending.get(millions.size() - 1) > 6 * perMonth) {
      throw new ConfigurationException(
          "--sizes " + millions + ": they ascend, from 0 to six months' at most");
    }
    if (archive) {
      ArchiveTrial.check(plan());
    }
    OutputFile.check("--json", json);
  }

  List<Long> sizes() {
    return millions.stream().map(size -> size * MILLION).toList();
  }

  FillPlan plan() {
    return new FillPlan(
        perMonth * MILLION,
        millions.get(millions.size() - 1) * MILLION,
        LocalDate.now(ZoneOffset.UTC));
  }

  Measurement.Size size() {
    return new Measurement.Size(rounds, connections, Duration.ofSeconds(seconds), lines);
  }

  boolean archive() {
    return archive;
  }

  int departures() {
    return departures;
  }

  int port() {
    return port;
  }

  /** Of the young book's public API. */
  int youngPort() {
    return port + YOUNG_ABOVE;
  }

  @Nullable Path keep() {
    return keep;
  }
}
