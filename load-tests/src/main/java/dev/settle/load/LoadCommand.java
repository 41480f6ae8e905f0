package dev.settle.load;

import dev.settle.demo.RunLength;
import dev.settle.demo.terminal.Merchants;
import dev.settle.load.scenario.Scenario;
import dev.settle.load.stage.Target;
import dev.settle.router.app.Cli;
import dev.settle.router.platform.ConfigurationException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code settle load}: one scenario against a router, and its verdict. */
@Command(
    name = "load",
    description = {
      "Plays a load scenario with Gatling, against a demo that it starts for it or against --target,",
      "and says whether what the scenario promises was kept.",
      ""
    },
    footerHeading = "%nScenarios:%n",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class LoadCommand implements Callable<Integer> {

  private static final int MOST_RATE = 100_000;
  private static final Duration LEAST = Duration.ofSeconds(5);

  @Parameters(arity = "0..1", paramLabel = "SCENARIO", description = "One of those below.")
  private @Nullable String name;

  @Option(
      names = "--list",
      description = "List the scenarios, and what each does unless told otherwise.")
  private boolean list;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "How many a second of what the scenario counts.")
  private @Nullable Integer rate;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = RunLength.class,
      description = "How long requests are made (20s, 2m, 1h), the ramp included.")
  private @Nullable Duration lasts;

  @Option(
      names = "--target",
      paramLabel = "URL",
      description = "The public API of a router that runs already; nothing is verified then.")
  private @Nullable String target;

  @Option(
      names = "--token",
      paramLabel = "[ROLE=]TOKEN",
      description =
          "For --target: a bearer token, of the role terminal unless told; again for each role. Also as"
              + " SETTLE_LOAD_TOKEN, SETTLE_LOAD_TOKEN_MAKER and so on. Without any: this checkout's demos.")
  private List<String> tokens = List.of();

  @Option(
      names = "--management",
      paramLabel = "URL",
      description = "Its management port, for metrics (default: one above).")
  private @Nullable String management;

  @Option(
      names = "--bank",
      paramLabel = "URL",
      description = "The sandbox bank that it pays at (default: two above, on this machine).")
  private @Nullable String bank;

  @Option(
      names = "--merchants",
      paramLabel = "N",
      description = "Merchants M000001 and so on, as the demo has them.")
  private @Nullable Integer merchants;

  @Override
  public Integer call() throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (list) {
      out.print(listed());
      return Cli.GOOD;
    }
    Order order = order(scenario());
    Path checkout = Path.of(System.getProperty("settle.home", ".")).toAbsolutePath().normalize();
    Aim aim = new Aim(checkout, order.merchants());
    String url = target;
    Target foreign = url == null ? null : aim.at(url, management, bank, tokens);
    Path folder = Files.createDirectories(folder(checkout, order));
    Engine.prepare(folder);
    out.println("Scenario     " + order.inWords());
    out.println("             " + order.scenario().stresses());
    LoadRun run = new LoadRun(order, folder, out);
    boolean good = foreign == null ? run.againstOwnDemo(checkout, aim) : run.against(foreign);
    return good ? Cli.GOOD : Cli.BROKEN_PROMISE;
  }

  /** Below a folder that no repository takes. */
  private static Path folder(Path checkout, Order order) {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
            .format(LocalDateTime.now(ZoneId.systemDefault()));
    return checkout.resolve("load-tests/target/load").resolve(order.scenario().text() + "-" + time);
  }

  private Order order(Scenario scenario) {
    Scenario.Defaults defaults = scenario.defaults();
    Duration length = lasts == null ? defaults.lasts() : lasts;
    if (length.compareTo(LEAST) < 0) {
      throw new ConfigurationException("--for: a run takes at least " + LEAST.toSeconds() + " s");
    }
    return new Order(
        scenario,
        within("--rate", rate, defaults.rate(), MOST_RATE),
        length,
        within("--merchants", merchants, defaults.merchants(), Merchants.MOST));
  }

  private static int within(String option, @Nullable Integer given, int otherwise, int most) {
    if (given == null) {
      return otherwise;
    }
    if (given < 1 || given > most) {
      throw new ConfigurationException(
          option + " " + given + ": a whole number from 1 to " + most + " is expected");
    }
    return given;
  }

  private Scenario scenario() {
    String names =
        Arrays.stream(Scenario.values()).map(Scenario::text).collect(Collectors.joining(", "));
    if (name == null) {
      throw new ConfigurationException("name a scenario to load with: " + names);
    }
    return Scenario.parse(name)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "there is no scenario " + name + "; there are " + names));
  }

  /** Two lines for each scenario. */
  static String listed() {
    StringBuilder text = new StringBuilder();
    for (Scenario scenario : Scenario.values()) {
      Scenario.Defaults defaults = scenario.defaults();
      text.append(String.format(Locale.ROOT, "  %-18s %s%n", scenario.text(), scenario.stresses()));
      text.append(
          String.format(
              Locale.ROOT,
              "  %-18s (%,d %s for %d s, %,d merchants)%n",
              "",
              defaults.rate(),
              defaults.unit(),
              defaults.lasts().toSeconds(),
              defaults.merchants()));
    }
    return text.toString();
  }
}
