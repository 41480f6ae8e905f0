package dev.settle.load.soak;

import dev.settle.demo.RunLength;
import dev.settle.load.stand.Ended;
import dev.settle.load.stand.Given;
import dev.settle.load.stand.OutputFile;
import dev.settle.router.platform.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code load-tests/soak/run}. */
@Command(
    name = "load-tests/soak/run",
    description = "A steady load for long, sampled and plotted, verified at the end.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class SoakOptions implements Callable<Integer> {

  /** That sell; an even number. */
  static final int MERCHANTS = 1_000;

  /** Samples of a run that names no pause between them. */
  private static final int SAMPLES = 240;

  private static final int LEAST_SECONDS = 10;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = RunLength.class,
      description = "How long: 90s, 30m, 2h.")
  private Duration length = Duration.ofMinutes(30);

  @Option(names = "--share", description = "Of what the router takes at most.")
  private double share = 0.7;

  @Option(names = "--rate", description = "Transactions a second, instead of a share.")
  private double rate;

  @Option(names = "--every", paramLabel = "S", description = "Seconds between two samples.")
  private @Nullable Integer every;

  @Option(
      names = "--connections",
      split = ",",
      paramLabel = "N",
      description =
          "That are tried for the most that the router takes, and the best is used; with --rate the"
              + " first.")
  private List<Integer> connections = List.of(256, 512, 1_024);

  @Option(names = "--port", description = "Public API; management and bank are above it.")
  private int port = 19_080;

  @Option(names = "--csv", paramLabel = "FILE", description = "Write the samples.")
  private @Nullable Path csv;

  @Option(names = "--svg", paramLabel = "FILE", description = "Plot them.")
  private @Nullable Path svg;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result.")
  private @Nullable Path json;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Put the data there and leave it, for a look at it afterwards.")
  private @Nullable Path keep;

  public static void main(String[] arguments) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.exit(Ended.execute(new CommandLine(new SoakOptions()), "soak", arguments));
  }

  @Override
  public Integer call() throws Exception {
    Given.within("--for", length.toSeconds(), LEAST_SECONDS, Integer.MAX_VALUE);
    Given.within("--every", every == null ? 1 : every, 1, length.toSeconds() / 4);
    for (int tried : connections) {
      Given.within("--connections", tried, 2, 10_000);
    }
    Given.port(port);
    if (!(share > 0 && share <= 1) || rate < 0) {
      throw new ConfigurationException("--share is above 0 and at most 1, --rate is not below 0");
    }
    OutputFile.check("--csv", csv);
    OutputFile.check("--svg", svg);
    OutputFile.check("--json", json);
    return new SoakRun(this).run() ? 0 : 1;
  }

  Duration length() {
    return length;
  }

  double share() {
    return share;
  }

  double rate() {
    return rate;
  }

  /** Between two samples of a run of so many seconds. */
  Duration every(int seconds) {
    return Duration.ofSeconds(every != null ? every : Math.max(1, seconds / SAMPLES));
  }

  List<Integer> connections() {
    return connections;
  }

  int port() {
    return port;
  }

  @Nullable Path csv() {
    return csv;
  }

  @Nullable Path svg() {
    return svg;
  }

  @Nullable Path json() {
    return json;
  }

  @Nullable Path keep() {
    return keep;
  }
}
