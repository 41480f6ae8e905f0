package dev.settle.load.faults;

import dev.settle.load.faults.FaultPlan.Episode;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Does what an episode says, and takes it back after its time. Blocking. */
final class Injector {

  private final Arena arena;
  private final CardChanges changes;
  private final List<SocketAddress> terminalsGoTo;
  private final Report report;

  /**
   * @param terminalsGoTo the nodes that terminals sell by, as {@link Balancer} wants it
   */
  Injector(Arena arena, CardChanges changes, List<SocketAddress> terminalsGoTo, Report report) {
    this.report = report;
    this.arena = arena;
    this.changes = changes;
    this.terminalsGoTo = terminalsGoTo;
  }

  void inject(Episode episode) throws IOException, InterruptedException {
    if (episode.fault() == Fault.ROLLING_RESTART) {
      restartAll(episode);
      return;
    }
    begin(episode);
    TimeUnit.MILLISECONDS.sleep(episode.lasts().toMillis());
    end(episode);
  }

  private void restartAll(Episode episode) throws IOException, InterruptedException {
    try (Balancer balancer = new Balancer(arena, terminalsGoTo)) {
      for (int node = 0; node < arena.nodes().size(); node++) {
        long began = System.nanoTime();
        if (!arena.node(node).stop()) {
          throw new IOException("node-" + node + " did not stop by itself");
        }
        long stopped = System.nanoTime();
        arena.node(node).start();
        arena.awaitReady(node);
        report.restarted(node, stopped - began, System.nanoTime() - stopped);
        TimeUnit.MILLISECONDS.sleep(episode.lasts().toMillis());
      }
    }
  }

  private void begin(Episode episode) throws IOException, InterruptedException {
    int node = episode.node();
    Hosts hosts = arena.hosts();
    switch (episode.fault()) {
      case KILL_NODE -> arena.node(node).kill();
      case PAUSE_NODE -> arena.node(node).pause();
      case KILL_ALL_NODES -> {
        for (RouterNode each : arena.nodes()) {
          each.kill();
        }
      }
      case SPLIT -> hosts.split(node);
      case SPLIT_STORM -> {
        hosts.split(node);
        changes.onlyAt(node);
      }
      case CUT_FROM_DATABASE -> hosts.cutFromHub(node, Database.PORT);
      case ISOLATE -> hosts.isolate(node);
      case LOSE_PACKETS -> hosts.losePackets(node);
      case NARROW_LINE -> hosts.narrow(node);
      case KILL_DATABASE -> arena.database().kill();
      case ROLLING_RESTART -> throw new IllegalArgumentException("has no begin and end");
    }
  }

  private void end(Episode episode) throws IOException, InterruptedException {
    int node = episode.node();
    switch (episode.fault()) {
      case KILL_NODE -> arena.node(node).start();
      case PAUSE_NODE -> arena.node(node).resume();
      case KILL_ALL_NODES -> {
        for (RouterNode each : arena.nodes()) {
          each.start();
        }
      }
      case NARROW_LINE -> arena.hosts().widen(node);
      case KILL_DATABASE -> arena.database().startAgain();
      case SPLIT_STORM -> {
        changes.onlyAt(-1);
        arena.hosts().heal(node);
      }
      case SPLIT, CUT_FROM_DATABASE, ISOLATE, LOSE_PACKETS -> arena.hosts().heal(node);
      case ROLLING_RESTART -> throw new IllegalArgumentException("has no begin and end");
    }
  }
}
