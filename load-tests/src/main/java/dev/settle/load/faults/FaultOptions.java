package dev.settle.load.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code load-tests/faults/run}. */
@Command(
    name = "load-tests/faults/run",
    description = "Routers under faults, and an audit of what came of it.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class FaultOptions implements Callable<Integer> {

  @Option(names = "--for", paramLabel = "S", description = "Seconds of faults.")
  private int seconds = 600;

  @Option(names = "--rate", description = "Sales a second.")
  private int rate = 500;

  @Option(
      names = "--changes",
      description = "Card changes a second; one in ten is a freeze and thaw.")
  private int changes = 20;

  @Option(names = "--merchants")
  private int merchants = 500;

  @Option(names = "--nodes")
  private int nodes = 3;

  @Option(names = "--seed", description = "Replays a plan. Default: by chance.")
  private long seed = ThreadLocalRandom.current().nextLong(1_000_000_000);

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "FAULT",
      description = "Only these: ${COMPLETION-CANDIDATES}.")
  private List<Fault> only = List.of(Fault.values());

  @Option(names = "--lasts", paramLabel = "S", description = "Each fault lasts so many seconds.")
  private @Nullable Integer lasts;

  @Option(
      names = "--shortened",
      paramLabel = "N",
      description = "Faults and pauses are so many times shorter.")
  private int shortened = 1;

  @Option(
      names = "--events-dropped",
      description = "No node hears anything of another by Hazelcast, from beginning to end.")
  private boolean eventsDropped;

  @Option(
      names = "--break",
      description =
          "Break a promise on purpose, which the audit must see: ${COMPLETION-CANDIDATES}.")
  private Sabotage sabotage = Sabotage.NONE;

  @Option(
      names = "--data-dir",
      required = true,
      paramLabel = "DIR",
      description = "Database, books, journals and logs.")
  private Path data = Path.of("");

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON as well.")
  private @Nullable Path json;

  @Option(names = "--hosts", hidden = true, required = true)
  private String hosts = "";

  public static void main(String[] arguments) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    // Each line that a killed node was called on says so; terminals count it and call another.
    System.setProperty("org.slf4j.simpleLogger.log.io.vertx.core.net.impl.ConnectionBase", "off");
    System.exit(
        new CommandLine(new FaultOptions())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Report report = new Report(this);
    boolean good = new FaultRun(this, report).run();
    if (json != null) {
      report.write(json);
    }
    return good ? 0 : 1;
  }

  FaultPlan.Order order() {
    Set<Fault> kinds = EnumSet.copyOf(only);
    return new FaultPlan.Order(
        kinds,
        nodes,
        Duration.ofSeconds(seconds),
        lasts == null ? null : Duration.ofSeconds(lasts),
        shortened);
  }

  int rate() {
    return rate;
  }

  int changes() {
    return changes;
  }

  int merchants() {
    return merchants;
  }

  int nodes() {
    return nodes;
  }

  long seed() {
    return seed;
  }

  boolean eventsDropped() {
    return eventsDropped;
  }

  Sabotage sabotage() {
    return sabotage;
  }

  Path data() {
    return data;
  }

  String hosts() {
    return hosts;
  }
}
