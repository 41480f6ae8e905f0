package dev.settle.load.bench;

import dev.settle.load.stand.Ended;
import dev.settle.load.stand.OutputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code load-tests/bench/run}. */
@Command(
    name = "load-tests/bench/run",
    description =
        "Measures the router beside pgbench on this machine, and what a credit costs. Installs nothing.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BenchOptions implements Callable<Integer> {

  @Option(names = "--quick", description = "Everything, shortened: ends within 60 s.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON as well.")
  private @Nullable Path json;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw the paired ratios.")
  private @Nullable Path svg;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds A B B A of each comparison (default: 3; --quick: 1).")
  private @Nullable Integer rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "Length of a slice of single requests or of pgbench (default: 10, beside bulk 5; --quick: 2"
              + " and 1).")
  private @Nullable Integer seconds;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "Only these parts: ${COMPLETION-CANDIDATES}.")
  private Part @Nullable [] only;

  @Option(names = "--port", paramLabel = "PORT", description = "Of the demo (default: 18480).")
  private int port = 18_480;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Put the data and the logs there and leave them, for a look at them.")
  private @Nullable Path keep;

  public static void main(String[] arguments) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.exit(
        Ended.execute(
            new CommandLine(new BenchOptions()).setCaseInsensitiveEnumValuesAllowed(true),
            "bench",
            arguments));
  }

  @Override
  public Integer call() throws Exception {
    OutputFile.check("--json", json);
    OutputFile.check("--svg", svg);
    BenchResult result = new BenchRun(plan(), port, keep).run();
    write(json, result.json().encodePrettily() + "\n");
    write(svg, result.svg());
    return 0;
  }

  private static void write(@Nullable Path file, String text) throws IOException {
    if (file != null) {
      Files.writeString(file, text);
    }
  }

  private BenchPlan plan() {
    BenchPlan plan = quick ? BenchPlan.QUICK : BenchPlan.FULL;
    return plan.with(rounds, seconds, only);
  }
}
