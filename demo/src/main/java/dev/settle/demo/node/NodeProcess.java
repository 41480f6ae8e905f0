package dev.settle.demo.node;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A router process that is started again when it dies, until it dies too often or is stopped. Safe
 * for several threads.
 */
public final class NodeProcess {

  private static final Duration FORCED_END = Duration.ofSeconds(10);

  /**
   * The exit code of a program that was told something impossible: another try would end the same.
   */
  private static final int REFUSED_CONFIGURATION = 2;

  private final NodeLaunch launch;
  private final Consumer<String> report;
  private final RestartBudget budget = new RestartBudget();
  private final CompletableFuture<Integer> gaveUp = new CompletableFuture<>();
  private @Nullable Process process;
  private boolean stopping;
  private boolean wasReady;

  private NodeProcess(NodeLaunch launch, Consumer<String> report) {
    this.launch = launch;
    this.report = report;
  }

  /** Starts the process; deaths and new starts are told to {@code report} as one line each. */
  public static NodeProcess start(NodeLaunch launch, Consumer<String> report) throws IOException {
    NodeProcess node = new NodeProcess(launch, report);
    node.startProcess();
    return node;
  }

  public NodeLaunch launch() {
    return launch;
  }

  /** Completes with the last exit code when the process has died too often to go on. */
  public CompletableFuture<Integer> gaveUp() {
    return gaveUp;
  }

  /**
   * Notes that the node has been ready once: its configuration is good, and whatever ends it from
   * now on may pass (a port that somebody's outgoing connection holds for a moment, say).
   */
  public synchronized void wasReady() {
    wasReady = true;
  }

  /**
   * Asks the process to finish what it has under way, waits for {@code patience}, then kills it.
   * True when it ended by itself.
   */
  public boolean stop(Duration patience) throws InterruptedException {
    Process last;
    synchronized (this) {
      stopping = true;
      last = process;
    }
    if (last == null) {
      return true;
    }
    // Not Process.destroy(): that closes the pipe as well, which tells the node that we are dead.
    last.toHandle().destroy();
    if (last.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      return true;
    }
    last.destroyForcibly();
    last.waitFor(FORCED_END.toMillis(), TimeUnit.MILLISECONDS);
    return false;
  }

  private synchronized void startProcess() throws IOException {
    if (stopping) {
      return;
    }
    Process started = launch.start();
    process = started;
    started.onExit().whenComplete((dead, impossible) -> ended(dead));
  }

  private void ended(Process dead) {
    Optional<Duration> pause;
    boolean refused;
    synchronized (this) {
      if (stopping) {
        return;
      }
      pause = budget.afterDeath(Instant.now());
      refused = !wasReady && dead.exitValue() == REFUSED_CONFIGURATION;
    }
    String what = launch.name() + " died with code " + dead.exitValue();
    if (refused || pause.isEmpty()) {
      String why =
          refused ? "; it refuses its configuration" : "; it died too often to start it again";
      report.accept(what + why + " (its log: " + launch.log() + ")");
      gaveUp.complete(dead.exitValue());
      return;
    }
    report.accept(what + "; starting it again in " + pause.get().toMillis() + " ms");
    CompletableFuture.delayedExecutor(pause.get().toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::startAgain);
  }

  private void startAgain() {
    try {
      startProcess();
    } catch (IOException e) {
      report.accept(launch.name() + " cannot be started: " + e.getMessage());
      gaveUp.complete(2);
    }
  }
}
