package dev.settle.load.attack;

import dev.settle.load.stand.Ended;
import dev.settle.load.stand.Given;
import dev.settle.load.stand.OutputFile;
import dev.settle.router.platform.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code load-tests/attack/run}. */
@Command(
    name = "load-tests/attack/run",
    description = "What honest terminals keep of their sales while the router is attacked.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class AttackOptions implements Callable<Integer> {

  @Option(
      names = "--attack",
      paramLabel = "NAME",
      description = "Only this one; a wrong name lists what there is.")
  private @Nullable String attack;

  @Option(
      names = "--for",
      defaultValue = "20s",
      description = "How long each attack is, and the time before it.")
  private String length = "20s";

  @Option(names = "--rate", description = "Sales a second that honest terminals offer.")
  private int rate = 500;

  @Option(names = "--port", description = "Public API; management and bank are above it.")
  private int port = 18_960;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the table as JSON as well.")
  private @Nullable Path json;

  public static void main(String[] arguments) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.exit(Ended.execute(new CommandLine(new AttackOptions()), "attack", arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (!length.matches("[1-9]\\d{0,3}s?")) {
      throw new ConfigurationException("--for " + length + ": give seconds, as in 20s");
    }
    Given.within("--rate", rate, 10, 5_000);
    Given.port(port);
    OutputFile.check("--json", json);
    return new AttackRun(this).run();
  }

  @Nullable String attack() {
    return attack;
  }

  Duration length() {
    return Duration.ofSeconds(Integer.parseInt(length.replace("s", "")));
  }

  int rate() {
    return rate;
  }

  int port() {
    return port;
  }

  @Nullable Path json() {
    return json;
  }
}
