package dev.settle.load.faults;

import dev.settle.load.faults.FaultPlan.Episode;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Does what an episode says, and takes it back after its time. Blocking. */
final class Injector {

  private final Arena arena;
  private final CardChanges changes;

  Injector(Arena arena, CardChanges changes) {
    this.arena = arena;
    this.changes = changes;
  }

  void inject(Episode episode) throws IOException, InterruptedException {
    begin(episode);
    TimeUnit.MILLISECONDS.sleep(episode.lasts().toMillis());
    end(episode);
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
    }
  }
}
