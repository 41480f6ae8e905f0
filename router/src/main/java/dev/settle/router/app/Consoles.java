package dev.settle.router.app;

import dev.settle.router.cardchange.ChangeId;
import dev.settle.router.events.ClusterFigures;
import dev.settle.router.events.EventHub;
import dev.settle.router.events.EventTopic;
import dev.settle.router.events.Figures;
import dev.settle.router.events.NodeReading;
import dev.settle.router.events.NodeReading.Lateness;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.Rails;
import dev.settle.router.railorder.RailOrderEndpoint;
import dev.settle.router.railorder.RailOrderStore;
import dev.settle.router.telemetry.RecentLateness;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Wires what consoles are shown: figures, events, how rails stand. */
final class Consoles {

  private Consoles() {}

  static EventHub hub() {
    return new EventHub(Consoles::publicly);
  }

  /** The database knows ids by their numbers. */
  private static JsonObject publicly(EventTopic topic, JsonObject event) {
    if (topic != EventTopic.CARD_CHANGE) {
      return event;
    }
    return new JsonObject()
        .put("cardChangeId", ChangeId.text(event.getLong("changeId")))
        .put("merchantId", event.getString("merchantId"))
        .put("state", event.getString("state"))
        .put("version", event.getInteger("version"));
  }

  static Figures figures(ClusterFigures cluster, Rails rails) {
    return new Figures(cluster, rails.all().stream().map(Rail::name).toList(), rails.stops());
  }

  static RailOrderEndpoint railOrders(NodeParts parts) {
    return new RailOrderEndpoint(
        new RailOrderStore(parts.queries()),
        new RailOrderStore(parts.control()),
        parts.rails(),
        parts.figures()::rails);
  }

  /** How this node does. */
  static NodeReading reading(NodeParts parts) {
    Map<String, Integer> breakers =
        parts.rails().all().stream()
            .collect(Collectors.toMap(Rail::name, rail -> parts.rails().gate(rail).state()));
    return new NodeReading(
        parts.metrics().acceptedCredits(),
        parts.metrics().postedCredits(),
        lateness(parts.metrics().recentLateness()),
        parts.metrics().routesBehind(),
        parts.queueDepth().get(),
        breakers);
  }

  private static @Nullable Lateness lateness(RecentLateness recent) {
    double[] sorted = recent.sorted();
    return sorted.length == 0
        ? null
        : new Lateness(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
  }

  /** In milliseconds, to the hundredth. */
  private static double at(double[] sorted, double part) {
    int place = (int) Math.ceil(part * sorted.length) - 1;
    return Math.round(sorted[Math.max(0, place)] * 100) / 100.0;
  }
}
