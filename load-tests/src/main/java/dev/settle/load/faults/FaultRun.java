package dev.settle.load.faults;

import dev.settle.demo.DemoWitnesses;
import dev.settle.demo.WorkingDirectory;
import dev.settle.demo.terminal.Acknowledgement;
import dev.settle.demo.terminal.AcknowledgementJournal;
import dev.settle.demo.terminal.AcknowledgementReader;
import dev.settle.demo.terminal.BatchRuns;
import dev.settle.demo.terminal.TerminalTraffic;
import dev.settle.demo.terminal.TrafficCounts;
import dev.settle.load.faults.Audit.Broken;
import dev.settle.load.faults.Audit.Findings;
import dev.settle.load.faults.FaultPlan.Episode;
import dev.settle.router.access.Role;
import dev.settle.router.invariant.Invariant;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.sandbox.bank.BankBooks;
import dev.settle.sandbox.bank.Booking;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One run, from top to bottom: routers up, merchants onboarded, terminals sell and people change
 * cards while faults come one after the other; then everything must drain, and the audit speaks.
 * Started by {@code load-tests/faults/run}, which makes the hosts.
 */
final class FaultRun {

  private static final Duration CONVERGED_WITHIN = Duration.ofSeconds(120);
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration DRAINED_WITHIN = Duration.ofMinutes(4);
  private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(2);
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  private final FaultOptions options;
  private final Report report;
  private final Findings findings = new Findings();

  FaultRun(FaultOptions options, Report report) {
    this.options = options;
    this.report = report;
  }

  /** Runs; true when nothing was found. */
  boolean run() throws Exception {
    List<Episode> plan = FaultPlan.of(options.seed(), options.order());
    report.planned(plan);
    Hosts hosts = new Hosts(options.hosts(), options.nodes());
    hosts.prepare();
    try (WorkingDirectory directory = WorkingDirectory.open(options.data());
        Arena arena = new Arena(directory, hosts)) {
      arena.startNodes();
      arena.onboard(options.merchants());
      if (options.eventsDropped()) {
        for (int node = 0; node < options.nodes(); node++) {
          hosts.silence(node, Arena.CLUSTER_PORT);
        }
      }
      judge(arena, directory, play(arena, directory, plan));
    }
    report.ended(findings);
    return findings.isClean();
  }

  /** Plays the plan; returns what is known of the cards. */
  private Collection<CardHistory> play(Arena arena, WorkingDirectory directory, List<Episode> plan)
      throws Exception {
    try (Connection connection = arena.database().connect()) {
      options.sabotage().begin(connection);
    }
    AcknowledgementJournal journal = AcknowledgementJournal.open(directory.acknowledgements());
    List<SocketAddress> terminalsGoTo = new CopyOnWriteArrayList<>(Balancer.all(arena.hosts()));
    TerminalTraffic traffic = terminals(arena, terminalsGoTo, directory, journal);
    CardChanges changes = changes(arena);
    ConservationProbe conservation = new ConservationProbe(arena.database(), findings);
    Convergence convergence = convergence(arena, journal);
    report.playing(traffic.counts(), changes, conservation);
    changes.start(options.changes());
    conservation.start();
    TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
    Injector injector = new Injector(arena, changes, terminalsGoTo, report);
    inject(arena, plan, injector, changes, traffic.counts(), convergence);
    changes.finish().forEach(fault -> findings.add(Broken.RUN, fault));
    finish(traffic);
    convergence.finish();
    drain(arena);
    conservation.stop();
    journal.close();
    return changes.histories();
  }

  private void inject(
      Arena arena,
      List<Episode> plan,
      Injector injector,
      CardChanges changes,
      TrafficCounts sales,
      Convergence convergence)
      throws IOException, InterruptedException, SQLException {
    for (int number = 0; number < plan.size(); number++) {
      Episode episode = plan.get(number);
      TimeUnit.MILLISECONDS.sleep(episode.pause().toMillis());
      if (number == plan.size() / 2) {
        try (Connection connection = arena.database().connect()) {
          options.sabotage().inTheMiddle(connection);
        }
      }
      report.begins(number, episode);
      long failed = sales.failed.sum();
      injector.inject(episode);
      if (episode.fault() == Fault.ROLLING_RESTART) {
        judgeRestart(sales.failed.sum() - failed, sales);
      }
      long healed = System.nanoTime();
      String missing = convergence.await(changes.latest(), convergedWithin());
      if (missing != null) {
        findings.add(Broken.NOT_CONVERGED, episode + ": " + missing);
        report.say("NOT BACK: " + missing);
      }
      report.converged(episode, Duration.ofNanos(System.nanoTime() - healed));
      startTheDead(arena);
    }
  }

  private void judgeRestart(long failed, TrafficCounts sales) {
    report.restarted(failed);
    if (failed > 0) {
      findings.add(Broken.REQUEST_FAILED, failed + ", the last: " + sales.lastFailure());
    }
  }

  /** What is broken on purpose may never come back. */
  private Duration convergedWithin() {
    return options.sabotage() == Sabotage.NONE ? CONVERGED_WITHIN : SOON;
  }

  /** None should be: every fault ends with all of them running. */
  private void startTheDead(Arena arena) throws IOException {
    for (RouterNode node : arena.nodes()) {
      if (!node.isAlive()) {
        findings.add(Broken.RUN, "a node ended by itself: " + node.log());
        node.start();
      }
    }
  }

  private TerminalTraffic terminals(
      Arena arena,
      List<SocketAddress> addresses,
      WorkingDirectory directory,
      AcknowledgementJournal journal)
      throws IOException, TimeoutException {
    var plan =
        new TerminalTraffic.Plan(
            addresses,
            arena.token(Role.TERMINAL, "terminals"),
            options.rate(),
            WARM_UP,
            options.merchants(),
            BatchRuns.open(directory.root().resolve("runs")),
            options.seed());
    TerminalTraffic traffic = new TerminalTraffic(plan, journal, Clock.systemUTC());
    arena.vertx().deployVerticle(traffic).await(10, TimeUnit.SECONDS);
    return traffic;
  }

  private CardChanges changes(Arena arena) {
    return new CardChanges(
        arena.router(),
        new CardChanges.People(
            arena.token(Role.MAKER, "alice"),
            arena.token(Role.CHECKER, "bob"),
            arena.token(Role.OPERATOR, "olga")),
        options.nodes(),
        options.merchants(),
        options.seed());
  }

  private Convergence convergence(Arena arena, AcknowledgementJournal journal) {
    return new Convergence(
        arena.router(),
        options.nodes(),
        options.eventsDropped() ? Convergence.ANY : options.nodes(),
        arena.token(Role.TERMINAL, "probe"),
        arena.token(Role.AUDITOR, "probe"),
        journal);
  }

  private void finish(TerminalTraffic traffic) throws InterruptedException {
    var decided = traffic.finish();
    long end = System.nanoTime() + ANSWERED_WITHIN.toNanos();
    while (!decided.isComplete() && System.nanoTime() - end < 0) {
      Thread.sleep(100);
    }
    if (!decided.isComplete()) {
      traffic.abandon().await();
      findings.add(Broken.RUN, traffic.counts().unanswered.sum() + " sales were never answered");
    }
    String surprise = traffic.counts().firstSurprise();
    if (surprise != null) {
      findings.add(Broken.RUN, surprise);
    }
  }

  private void drain(Arena arena) throws SQLException, InterruptedException {
    long from = System.nanoTime();
    try (Connection connection = arena.database().connect()) {
      while (true) {
        long unposted = Unposted.read(connection);
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        if (unposted == 0) {
          report.drained(took);
          return;
        }
        if (took.compareTo(DRAINED_WITHIN) > 0) {
          findings.add(Broken.RUN, "not drained: " + Unposted.byReason(connection));
          return;
        }
        Thread.sleep(200);
      }
    }
  }

  private void judge(Arena arena, WorkingDirectory directory, Collection<CardHistory> histories)
      throws Exception {
    if (!arena.stopNodes()) {
      findings.add(Broken.RUN, "a node did not stop by itself");
    }
    arena.stopBank();
    report.say("auditing …");
    try (Stream<Acknowledgement> told = AcknowledgementReader.stream(directory.acknowledgements());
        BankBooks books = BankBooks.read(directory.bankBooks());
        Stream<Booking> booked = books.stream();
        Connection connection = arena.database().connect()) {
      List<Booking> bookings = booked.toList();
      List<Acknowledgement> acknowledged = told.toList();
      Audit.check(acknowledged, bookings, histories, findings);
      report.audited(acknowledged.size(), bookings.size());
      InvariantReport invariants = DemoWitnesses.check(connection, directory.root());
      for (Invariant invariant : Invariant.values()) {
        invariants
            .violations(invariant)
            .forEach(violation -> findings.add(Broken.INVARIANT, invariant + ": " + violation));
      }
    }
  }
}
