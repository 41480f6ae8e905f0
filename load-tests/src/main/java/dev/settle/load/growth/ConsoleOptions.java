package dev.settle.load.growth;

import dev.settle.load.stand.Ended;
import dev.settle.load.stand.Given;
import dev.settle.load.stand.OutputFile;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code load-tests/console/run}. */
@Command(
    name = "load-tests/console/run",
    description = "How long each page of the console waits with a full book.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class ConsoleOptions implements Callable<Integer> {

  private static final long MILLION = 1_000_000;

  @Option(names = "--millions", description = "Posted credits in the tables, in millions.")
  private int millions = 1;

  @Option(names = "--departures", description = "Open exceptions; a multiple of 100.")
  private int departures = 50_000;

  @Option(names = "--rounds", description = "How often each page is asked for and timed.")
  private int rounds = 100;

  @Option(names = "--port", description = "Public API; management and bank are above it.")
  private int port = 18_940;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON as well.")
  private @Nullable Path json;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Put the data there and leave it, for a look at it afterwards.")
  private @Nullable Path keep;

  public static void main(String[] arguments) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.exit(Ended.execute(new CommandLine(new ConsoleOptions()), "console", arguments));
  }

  @Override
  public Integer call() throws Exception {
    OpenDepartures.check(departures, 100);
    Given.within("--millions", millions, 1, 1_000);
    Given.within("--rounds", rounds, 1, 100_000);
    Given.port(port);
    OutputFile.check("--json", json);
    return new ConsoleRun(this).run() ? 0 : 1;
  }

  FillPlan plan() {
    return new FillPlan(credits(), credits(), LocalDate.now(ZoneOffset.UTC));
  }

  long credits() {
    return millions * MILLION;
  }

  int departures() {
    return departures;
  }

  int rounds() {
    return rounds;
  }

  int port() {
    return port;
  }

  @Nullable Path json() {
    return json;
  }

  @Nullable Path keep() {
    return keep;
  }
}
