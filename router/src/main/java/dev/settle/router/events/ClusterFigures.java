package dev.settle.router.events;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.topic.ITopic;
import dev.settle.router.platform.Limits;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the nodes of the cluster say of themselves, every second, over a Hazelcast topic: each keeps
 * what it heard last of every other, and when. Figures for people's eyes; nothing is decided by
 * them. Thread-safe.
 */
public final class ClusterFigures {

  private static final String TOPIC = "node-figures";
  private static final Logger LOG = LoggerFactory.getLogger(ClusterFigures.class);

  private final ITopic<String> topic;
  private final String node;
  private final String member;
  private final Clock clock;
  private final Map<String, Heard> nodes = new HashMap<>();
  private CompletionStage<Void> said = CompletableFuture.completedFuture(null);

  /**
   * What a node said.
   *
   * @param at when it was heard, by this node's clock
   * @param nanos the same by {@link System#nanoTime()}: for how long it has been silent
   */
  record Heard(JsonObject figures, Instant at, long nanos) {

    /** Since it was heard; no clock that is set anew or another host's has a say. */
    long silentMs() {
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
  }

  /**
   * @param node this node's name; a process that starts anew takes the place of the one before
   */
  public ClusterFigures(HazelcastInstance hazelcast, String node, Clock clock) {
    this.topic = hazelcast.getTopic(TOPIC);
    this.node = node;
    this.member = hazelcast.getCluster().getLocalMember().getUuid().toString();
    this.clock = clock;
    topic.addMessageListener(message -> hear(message.getMessageObject()));
  }

  /** Tells the others, and itself. While they have not heard the last, they are not told. */
  void tell(JsonObject figures) {
    hear(figures.put("node", node).put("member", member));
    say(figures.encode());
  }

  /** Tells the others that this node goes, so that they do not miss it. */
  void leave() {
    say(new JsonObject().put("node", node).put("member", member).put("left", true).encode());
  }

  private void say(String text) {
    if (!said.toCompletableFuture().isDone()) {
      return;
    }
    try {
      said = topic.publishAsync(text);
    } catch (HazelcastException | HazelcastInstanceNotActiveException gone) {
      LOG.debug("the cluster cannot be told", gone);
    }
  }

  private void hear(String text) {
    try {
      JsonObject figures = new JsonObject(text);
      if (figures.getValue("node") instanceof String) {
        hear(figures);
      }
    } catch (DecodeException notOurs) {
      LOG.debug("figures that cannot be read", notOurs);
    }
  }

  private synchronized void hear(JsonObject figures) {
    String name = figures.getString("node");
    if (figures.getBoolean("left", false)) {
      Heard before = nodes.get(name);
      if (before != null
          && Objects.equals(figures.getValue("member"), before.figures().getValue("member"))) {
        nodes.remove(name);
      }
      return;
    }
    nodes.put(name, new Heard(figures, clock.instant(), System.nanoTime()));
    if (nodes.size() > Limits.FIGURES_NODES) {
      nodes.entrySet().stream()
          .min(Map.Entry.comparingByValue((a, b) -> a.at().compareTo(b.at())))
          .ifPresent(oldest -> nodes.remove(oldest.getKey()));
    }
  }

  /** By name, and those that fell silent less than {@link Limits#FIGURES_KEPT} ago with them. */
  synchronized List<Heard> nodes() {
    Instant since = clock.instant().minus(Limits.FIGURES_KEPT);
    nodes.values().removeIf(heard -> heard.at().isBefore(since));
    return new ArrayList<>(new TreeMap<>(nodes).values());
  }

  /** Those that spoke within {@link Limits#FIGURES_FRESH}. */
  List<JsonObject> speaking() {
    Instant since = clock.instant().minus(Limits.FIGURES_FRESH);
    return nodes().stream()
        .filter(heard -> !heard.at().isBefore(since))
        .map(Heard::figures)
        .toList();
  }

  /** Between two readings. */
  static double perSecond(double before, double after, Duration between) {
    double seconds = Math.max(1, between.toMillis()) / 1e3;
    return Math.round((after - before) / seconds * 10) / 10.0;
  }
}
