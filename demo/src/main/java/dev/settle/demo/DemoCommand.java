package dev.settle.demo;

import dev.settle.demo.display.Screen;
import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code settle demo}: everything at once on this machine. */
@Command(
    name = "demo",
    description =
        "Runs everything on this machine: PostgreSQL, a sandbox bank, router nodes and terminals.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = RunLength.class,
      description = "Stop after this long (30s, 2m, 1h), drain, verify, print the summary.")
  private @Nullable Duration runFor;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the summary as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Transactions per second that terminals offer; 0 plays none (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--merchants",
      paramLabel = "N",
      defaultValue = "200",
      description = "Merchants M000001… with terminals T0000001… (default: ${DEFAULT-VALUE}).")
  private int merchants;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1",
      description = "Router processes, in one cluster (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description =
          "Public API; management one above, the sandbox bank two above; the next node ten above (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Keep everything there and go on from it next time (default: a temporary folder).")
  private @Nullable Path dataDirectory;

  @Option(names = "--seed", paramLabel = "N", description = "Repeat the chances of an earlier run.")
  private @Nullable Long seed;

  @Option(
      names = "--no-stories",
      description = "Terminals only sell: no cards change, no accounts are frozen.")
  private boolean noStories;

  @Override
  public Integer call() throws Exception {
    long chance = seed == null ? ThreadLocalRandom.current().nextInt(1, 1_000_000) : seed;
    var settings =
        new DemoSettings(
            runFor,
            json,
            rate,
            merchants,
            nodes,
            new PortPlan(port),
            dataDirectory,
            chance,
            !noStories);
    requireWritable(json);
    settings.ports().requireFree(nodes);
    StopSignal stop = StopSignal.install();
    Path tokenSecret = CheckoutKeys.tokenSecret();
    try (WorkingDirectory directory = WorkingDirectory.open(dataDirectory)) {
      LastDemo.remember(directory.root());
      // Before anything asks for a logger: what libraries log belongs into a file, not between the
      // lines of the demo.
      System.setProperty(
          "org.slf4j.simpleLogger.logFile", directory.logs().resolve("demo.log").toString());
      int code = run(new Supervisor(settings, screen(), stop, tokenSecret), directory);
      end(directory, code);
      return code;
    }
  }

  /** Before the run, not after it: an hour's summary is not to be lost for a typing mistake. */
  private static void requireWritable(@Nullable Path json) {
    if (json == null) {
      return;
    }
    Path file = json.toAbsolutePath();
    boolean possible =
        Files.exists(file)
            ? Files.isRegularFile(file) && Files.isWritable(file)
            : Files.isWritable(file.getParent());
    if (!possible) {
      throw new ConfigurationException("--json " + json + " cannot be written");
    }
  }

  private static int run(Supervisor supervisor, WorkingDirectory directory) throws Exception {
    try {
      return supervisor.run(directory);
    } catch (Exception e) {
      LoggerFactory.getLogger(DemoCommand.class).error("the demo failed", e);
      throw e;
    }
  }

  private static void end(WorkingDirectory directory, int code) throws IOException {
    if (code == 0 && directory.temporary()) {
      directory.delete();
    } else {
      System.out.println("Everything is kept in " + directory.root());
    }
  }

  private static Screen screen() {
    int columns = Integer.getInteger("settle.terminal.columns", 0);
    boolean colours = System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
    return new Screen(
        new PrintStream(System.out, true, StandardCharsets.UTF_8), columns, colours, unicode());
  }

  /** As the locale says it: the first of the three that is set. */
  private static boolean unicode() {
    return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
        .map(System.getenv()::get)
        .filter(value -> value != null && !value.isEmpty())
        .findFirst()
        .map(value -> value.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8"))
        .orElse(false);
  }
}
