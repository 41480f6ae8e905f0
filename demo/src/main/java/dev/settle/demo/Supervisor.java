package dev.settle.demo;

import dev.settle.demo.display.Screen;
import dev.settle.demo.display.Summary;
import dev.settle.demo.display.SummaryJson;
import dev.settle.demo.display.SummaryText;
import dev.settle.demo.node.NodeClient;
import dev.settle.demo.node.NodeProcess;
import dev.settle.demo.story.Cast;
import dev.settle.demo.story.StoryDirector;
import dev.settle.demo.terminal.AcknowledgementJournal;
import dev.settle.demo.terminal.BatchRuns;
import dev.settle.demo.terminal.TerminalTraffic;
import dev.settle.router.access.Role;
import dev.settle.router.access.Scope;
import dev.settle.router.access.Tokens;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.DemoKeys;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the demo from the first port that is looked at to the last process that is ended: parts up,
 * merchants onboarded, terminals play, everything drains, the books are judged. One thread, from
 * top to bottom; what must not wait lives on Vert.x or in its own process.
 */
final class Supervisor {

  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration SHOW_EVERY = Duration.ofSeconds(1);

  /** How long terminals wait for answers after their last offer. */
  private static final Duration TERMINALS_FINISH = Duration.ofSeconds(30);

  /**
   * How long a token of the demo may be valid, and its terminals' are: a demo may run for weeks.
   */
  static final Duration TOKEN = Duration.ofDays(60);

  private final DemoSettings settings;
  private final Screen screen;
  private final StopSignal stop;
  private final Path tokenSecret;
  private final NodeClient client = new NodeClient();
  private final List<String> faults = new ArrayList<>();

  /** Where terminals send their sales. */
  private final List<SocketAddress> nodeAddresses = new CopyOnWriteArrayList<>();

  Supervisor(DemoSettings settings, Screen screen, StopSignal stop, Path tokenSecret) {
    this.settings = settings;
    this.screen = screen;
    this.stop = stop;
    this.tokenSecret = tokenSecret;
  }

  /**
   * Runs in {@code directory} until the time is over or an end is asked for; returns the exit code.
   */
  int run(WorkingDirectory directory)
      throws IOException, SQLException, InterruptedException, TimeoutException {
    try (Parts parts = new Parts(settings, directory, tokenSecret, screen)) {
      if (!start(parts, directory)) {
        screen.say("Stopped before it was ready.");
        return 0;
      }
      Summary summary = playAndJudge(parts, directory);
      SummaryText.print(summary, screen);
      writeJson(summary);
      return summary.good() ? 0 : 1;
    }
  }

  /** False when an end was asked for in between. */
  private boolean start(Parts parts, WorkingDirectory directory)
      throws IOException, SQLException, InterruptedException, TimeoutException {
    screen.fact(
        "Data",
        directory.root() + (directory.temporary() ? " (temporary; --data-dir keeps it)" : ""));
    parts.startDatabase();
    screen.fact("Database", parts.databaseUrl() + " (PostgreSQL, fsync and synchronous_commit on)");
    if (stop.raised()) {
      return false;
    }
    parts.startBank();
    screen.fact("Bank", "http://127.0.0.1:" + settings.ports().bank() + "/books/summary");
    parts.startNodes();
    if (!awaitReady(parts.nodes())) {
      return false;
    }
    new Onboarding(
            client, settings.ports().api(0), token(parts, Role.OPERATOR, Duration.ofHours(1)), stop)
        .onboard(settings.merchants());
    printAddresses(parts);
    return !stop.raised();
  }

  private boolean awaitReady(List<NodeProcess> nodes) throws InterruptedException {
    for (NodeProcess node : nodes) {
      long deadline = System.nanoTime() + READY.toNanos();
      while (!ready(node)) {
        if (stop.await(LOOK_EVERY)) {
          return false;
        }
        if (node.gaveUp().isDone() || System.nanoTime() > deadline) {
          throw new ConfigurationException(
              node.launch().name()
                  + " did not become ready; the end of its log:\n"
                  + LogTail.of(node.launch().log()));
        }
      }
      node.wasReady();
    }
    return true;
  }

  private boolean ready(NodeProcess node) throws InterruptedException {
    try {
      return client.get(node.launch().managementPort(), "/health/ready").status() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private String token(Parts parts, Role role, Duration validity) {
    Scope scope = role == Role.TERMINAL ? Scope.ofAcquirer(DemoKeys.ACQUIRER) : Scope.ALL;
    return Tokens.withKey(parts.vertx(), tokenSecret, Clock.systemUTC())
        .mint(role, "demo-" + role.text(), scope, validity);
  }

  private String tokenOf(Parts parts, Role role, String subject) {
    return Tokens.withKey(parts.vertx(), tokenSecret, Clock.systemUTC()).mint(role, subject, TOKEN);
  }

  private void printAddresses(Parts parts) {
    for (NodeProcess node : parts.nodes()) {
      String api = "http://127.0.0.1:" + node.launch().httpPort();
      screen.fact("API", api + "/v1   docs " + api + "/docs");
      screen.fact("Console", api + "/console/");
      screen.fact(
          "Management",
          "http://127.0.0.1:"
              + node.launch().managementPort()
              + "/metrics   log "
              + node.launch().log());
    }
    screen.fact("Token", "bin/settle token --role terminal --subject me");
    screen.fact(
        "Signed",
        "bin/settle sign POST /v1/transactions --body sale.json | curl -H @- -H 'Content-Type: application/json'"
            + " --data-binary @sale.json http://127.0.0.1:"
            + settings.ports().api(0)
            + "/v1/transactions");
    screen.fact(
        "Merchants", settings.merchants() + " onboarded, M000001 with terminal T0000001 and so on");
    screen.fact(
        "Terminals",
        settings.rate() == 0
            ? "none (--rate 0)"
            : settings.rate()
                + " transactions per second"
                + (settings.ramp().isZero()
                    ? ""
                    : " after " + settings.ramp().toSeconds() + " s in which they become as many")
                + ", seed "
                + settings.seed());
    if (settings.runFor() == null) {
      screen.say("Ctrl-C drains, verifies and prints the summary.");
    }
  }

  private Summary playAndJudge(Parts parts, WorkingDirectory directory)
      throws IOException, SQLException, InterruptedException, TimeoutException {
    LiveFigures figures = new LiveFigures(client, settings.ports(), settings.nodes());
    parts.nodes().forEach(this::sellAt);
    NodeWish wish = new NodeWish(directory.root());
    wish.drop();
    NewNodes newNodes =
        new NewNodes(
            parts,
            wish,
            this::ready,
            node -> {
              figures.add();
              sellAt(node);
            },
            screen);
    long started = System.nanoTime();
    Timestamp since;
    try (Connection connection = parts.connect()) {
      since = new Book(connection).now();
    }
    AcknowledgementJournal journal = AcknowledgementJournal.open(directory.acknowledgements());
    TerminalTraffic traffic = startTerminals(parts, directory, journal);
    StoryDirector stories = startStories(parts, directory);
    show(parts, figures, newNodes, traffic, started);
    screen.endLive();
    wish.drop();
    finish(traffic, stories);
    close(journal);
    double seconds = (System.nanoTime() - started) / 1e9;
    drain(parts);
    figures.read();
    parts.stopNodes();
    parts.stopBank();
    judgeTerminals(traffic);
    try (Connection connection = parts.connect()) {
      screen.say(
          "Verifying every invariant from the rows, the bank's books and what terminals were told …");
      InvariantReport report = DemoWitnesses.check(connection, directory.root());
      return Judgement.summary(
          seconds, report, new Book(connection), since, figures, traffic, stories, faults);
    }
  }

  private @Nullable TerminalTraffic startTerminals(
      Parts parts, WorkingDirectory directory, AcknowledgementJournal journal)
      throws IOException, TimeoutException {
    if (settings.rate() == 0) {
      return null;
    }
    var plan =
        new TerminalTraffic.Plan(
            nodeAddresses,
            token(parts, Role.TERMINAL, TOKEN),
            settings.rate(),
            settings.ramp(),
            settings.merchants(),
            BatchRuns.open(directory.terminalRuns()),
            settings.seed());
    TerminalTraffic traffic = new TerminalTraffic(plan, journal, Clock.systemUTC());
    parts.vertx().deployVerticle(traffic).await(10, TimeUnit.SECONDS);
    return traffic;
  }

  private @Nullable StoryDirector startStories(Parts parts, WorkingDirectory directory)
      throws IOException {
    if (settings.rate() == 0 || !settings.stories()) {
      return null;
    }
    var repertoire =
        new StoryDirector.Repertoire(
            apiPorts(),
            new Cast(
                tokenOf(parts, Role.MAKER, "alice"),
                tokenOf(parts, Role.CHECKER, "bob"),
                tokenOf(parts, Role.OPERATOR, "olga")),
            settings.merchants(),
            settings.seed(),
            directory.stories());
    return StoryDirector.start(client, repertoire, screen::warn);
  }

  private void sellAt(NodeProcess node) {
    nodeAddresses.add(SocketAddress.inetSocketAddress(node.launch().httpPort(), "127.0.0.1"));
  }

  private List<Integer> apiPorts() {
    return IntStream.range(0, settings.nodes()).map(settings.ports()::api).boxed().toList();
  }

  /**
   * Shows the live line until the time is over, an end is asked for, or a node cannot be kept
   * alive.
   */
  private void show(
      Parts parts,
      LiveFigures figures,
      NewNodes newNodes,
      @Nullable TerminalTraffic traffic,
      long started)
      throws IOException, InterruptedException {
    Duration runFor = settings.runFor();
    for (long line = 1; ; line++) {
      Duration next = SHOW_EVERY.multipliedBy(line);
      Duration until = runFor != null && runFor.compareTo(next) < 0 ? runFor : next;
      Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
      if (stop.await(until.minus(elapsed).plusMillis(1)) || gaveUp(parts)) {
        return;
      }
      newNodes.look();
      elapsed = Duration.ofNanos(System.nanoTime() - started);
      figures.read();
      screen.show(figures.figures(elapsed, runFor, traffic == null ? null : traffic.latency()));
      if (runFor != null && elapsed.compareTo(runFor) >= 0) {
        return;
      }
    }
  }

  private boolean gaveUp(Parts parts) {
    for (NodeProcess node : parts.nodes()) {
      if (node.gaveUp().isDone()) {
        faults.add(
            node.launch().name() + " could not be kept alive; its log: " + node.launch().log());
        return true;
      }
    }
    return false;
  }

  /** Stories end while terminals still wait for answers: both are done before the drain. */
  private void finish(@Nullable TerminalTraffic traffic, @Nullable StoryDirector stories)
      throws InterruptedException {
    if (stories != null) {
      stories.dropCurtain();
    }
    if (traffic != null) {
      finish(traffic);
    }
    if (stories != null) {
      stories.awaitEnd();
    }
  }

  private void finish(TerminalTraffic traffic) throws InterruptedException {
    screen.say("Terminals have stopped; waiting for the answers to what they sent …");
    var finished = traffic.finish();
    long deadline = System.nanoTime() + TERMINALS_FINISH.toNanos();
    boolean hurried = false;
    while (!finished.isComplete() && !hurried && System.nanoTime() < deadline) {
      hurried = stop.awaitHurry(LOOK_EVERY);
    }
    if (!finished.isComplete()) {
      traffic.abandon().await();
    }
  }

  private void close(AcknowledgementJournal journal) {
    try {
      journal.close();
    } catch (IOException gap) {
      faults.add("what terminals were told is not on disk: " + gap.getMessage());
    }
  }

  private void drain(Parts parts) throws SQLException, InterruptedException {
    try (Connection connection = parts.connect()) {
      new Drain(new Book(connection), screen, stop).await(faults.isEmpty());
    }
  }

  private void judgeTerminals(@Nullable TerminalTraffic traffic) {
    if (traffic == null) {
      return;
    }
    String surprise = traffic.counts().firstSurprise();
    if (surprise != null) {
      faults.add(
          traffic.counts().surprises.sum()
              + " answers that no terminal should get; the first: "
              + surprise);
    }
    if (!traffic.counts().anyAnswer() && traffic.counts().offered.sum() > 0) {
      faults.add("terminals could not reach the router at all");
    }
    long notOffered = traffic.counts().notOffered.sum();
    if (notOffered > 0) {
      screen.warn(
          notOffered
              + " transactions of the rate were not offered: too many waited for an answer, or the machine was busy");
    }
  }

  private void writeJson(Summary summary) throws IOException {
    Path json = settings.json();
    if (json != null) {
      Files.writeString(json, SummaryJson.of(summary).encodePrettily() + "\n");
    }
  }
}
