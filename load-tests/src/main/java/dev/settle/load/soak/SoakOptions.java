package dev.settle.load.soak;

import dev.settle.load.stand.Ended;
import dev.settle.load.stand.Given;
import dev.settle.load.stand.OutputFile;
import dev.settle.router.platform.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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
      converter = Length.class,
      description = "How long: 90s, 30m, 2h.")
  private Duration length = Duration.ofMinutes(30);

  @Option(names = "--share", description = "Of what the router takes at most.")
  private double share = 0.7;

  @Option(names = "--rate", description = "Transactions a second, instead of a share.")
  private double rate;

  @Option(names = "--every", paramLabel = "S", description = "Seconds between two samples.")
  private @Nullable Integer every;

  @Option(names = "--connections")
  private int connections = 128;

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

  /** Reads a length of time. */
  static final class Length implements ITypeConverter<Duration> {

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,5})([smh])");

    @Override
    public Duration convert(String text) {
      Matcher matcher = TEXT.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException("90s, 30m or 2h is expected, not " + text);
      }
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        default -> Duration.ofHours(number);
      };
    }
  }

  public static void main(String[] arguments) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.exit(Ended.execute(new CommandLine(new SoakOptions()), "soak", arguments));
  }

  @Override
  public Integer call() throws Exception {
    Given.within("--for", length.toSeconds(), LEAST_SECONDS, Integer.MAX_VALUE);
    Given.within("--every", every == null ? 1 : every, 1, length.toSeconds() / 4);
    Given.within("--connections", connections, 2, 10_000);
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

  int connections() {
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
