package dev.settle.router.events;

import dev.settle.router.credit.UnpostedStore.Book;
import dev.settle.router.credit.UnpostedTotals.Line;
import dev.settle.router.events.NodeReading.Lateness;
import dev.settle.router.platform.Times;
import dev.settle.router.rail.RailStops;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of now: what the book says, which is of all nodes, what the nodes say of themselves,
 * and how the rails stand. Thread-safe.
 */
public final class Figures {

  /** Reasons of what may or may not have been paid. */
  private static final Set<String> DOUBTS = Set.of("IN_DOUBT", "DOUBT_UNRESOLVED", "DUPLICATE");

  /** Reasons of what is recorded for a rail and not sent. */
  private static final Set<String> WAITING =
      Set.of("QUEUED", "RAIL_HELD", "RAIL_UNAVAILABLE", "CUTOFF_WAIT");

  private final ClusterFigures cluster;
  private final List<String> rails;
  private final RailStops stops;
  private @Nullable Book book;
  private JsonObject perSecond =
      new JsonObject().put("accepted", 0.0).put("posted", 0.0).put("unposted", 0.0);
  private @Nullable NodeReading own;
  private long ownNanos;

  /**
   * @param rails those of this node, in order of preference
   */
  public Figures(ClusterFigures cluster, List<String> rails, RailStops stops) {
    this.cluster = cluster;
    this.rails = List.copyOf(rails);
    this.stops = stops;
  }

  /** The book was read. */
  public synchronized void read(Book now) {
    if (book != null) {
      Duration between = Duration.between(book.totals().takenAt(), now.totals().takenAt());
      if (between.isNegative() || between.isZero()) {
        return;
      }
      perSecond =
          new JsonObject()
              .put("accepted", ClusterFigures.perSecond(book.accepted(), now.accepted(), between))
              .put("posted", ClusterFigures.perSecond(book.posted(), now.posted(), between))
              .put("unposted", ClusterFigures.perSecond(unposted(book), unposted(now), between));
    }
    book = now;
  }

  private static double unposted(Book book) {
    return book.totals().lines().stream().mapToLong(Line::credits).sum();
  }

  /** This node looked at itself; the others are told. */
  synchronized void tell(NodeReading now) {
    long nanos = System.nanoTime();
    NodeReading before = own == null ? now : own;
    Duration between = Duration.ofNanos(own == null ? 1 : nanos - ownNanos);
    own = now;
    ownNanos = nanos;
    JsonObject breakers = new JsonObject();
    now.breakers().forEach((rail, state) -> breakers.put(rail, Breaker.of(state).name()));
    cluster.tell(
        new JsonObject()
            .put(
                "perSecond",
                new JsonObject()
                    .put(
                        "accepted",
                        ClusterFigures.perSecond(before.accepted(), now.accepted(), between))
                    .put(
                        "posted", ClusterFigures.perSecond(before.posted(), now.posted(), between)))
            .put("stalenessMs", json(now.staleness()))
            .put("versionLag", now.versionLag())
            .put("queueDepth", now.queueDepth())
            .put("breakers", breakers));
  }

  private static @Nullable JsonObject json(@Nullable Lateness late) {
    return late == null
        ? null
        : new JsonObject().put("p50", late.p50()).put("p99", late.p99()).put("max", late.max());
  }

  /** This node goes; the others are told. */
  void leave() {
    cluster.leave();
  }

  /** The event {@code now}, or null while the book has not been read. */
  synchronized @Nullable JsonObject now() {
    if (book == null) {
      return null;
    }
    List<Line> lines = book.totals().lines();
    return new JsonObject()
        .put("at", Times.text(book.totals().takenAt()))
        .put("perSecond", perSecond.copy())
        .put("unposted", sum(lines).put("byReason", byReason(lines)))
        .put("nodes", nodes())
        .put("rails", rails(lines));
  }

  /** {@code {"at","rails"}}: as in the event {@code now}. */
  public synchronized JsonObject rails() {
    return new JsonObject()
        .put("at", book == null ? null : Times.text(book.totals().takenAt()))
        .put("rails", rails(book == null ? List.of() : book.totals().lines()));
  }

  private JsonArray nodes() {
    JsonArray nodes = new JsonArray();
    cluster
        .nodes()
        .forEach(
            heard ->
                nodes.add(
                    heard
                        .figures()
                        .copy()
                        .put("seenAt", Times.text(heard.at().atOffset(ZoneOffset.UTC)))
                        .put("silentMs", heard.silentMs())));
    return nodes;
  }

  private static JsonArray byReason(List<Line> lines) {
    Map<String, List<Line>> groups = new TreeMap<>();
    lines.forEach(
        line ->
            groups
                .computeIfAbsent(line.reason() + " " + line.currency(), key -> new ArrayList<>())
                .add(line));
    JsonArray byReason = new JsonArray();
    for (List<Line> group : groups.values()) {
      Line first = group.get(0);
      byReason.add(
          new JsonObject()
              .put("reason", first.reason())
              .put("currency", first.currency())
              .put("count", group.stream().mapToLong(Line::credits).sum())
              .put("amountMinor", group.stream().mapToLong(Line::amountMinor).sum())
              .put("oldestSince", oldest(group)));
    }
    return byReason;
  }

  private JsonArray rails(List<Line> lines) {
    Set<String> all = new LinkedHashSet<>(rails);
    all.addAll(new TreeMap<>(stops.all()).keySet());
    lines.stream().map(Line::rail).filter(rail -> rail != null).sorted().forEach(all::add);
    List<JsonObject> speaking = cluster.speaking();
    JsonArray array = new JsonArray();
    for (String rail : all) {
      List<Line> own = lines.stream().filter(line -> rail.equals(line.rail())).toList();
      array.add(
          new JsonObject()
              .put("rail", rail)
              .put("state", stops.state(rail).name())
              .put("breaker", breaker(rail, speaking))
              .put("inDoubt", waiting(own, DOUBTS))
              .put("waiting", waiting(own, WAITING)));
    }
    return array;
  }

  /** The worst of all nodes, of those words that this release knows. */
  private static @Nullable String breaker(String rail, List<JsonObject> nodes) {
    return nodes.stream()
        .map(
            node ->
                node.getValue("breakers") instanceof JsonObject breakers
                    ? Breaker.parse(breakers.getValue(rail))
                    : null)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .map(Breaker::name)
        .orElse(null);
  }

  private static JsonObject waiting(List<Line> lines, Set<String> reasons) {
    List<Line> those = lines.stream().filter(line -> reasons.contains(line.reason())).toList();
    return sum(those).put("oldestSince", oldest(those));
  }

  private static JsonObject sum(List<Line> lines) {
    JsonObject amounts = new JsonObject();
    long credits = 0;
    for (Line line : lines) {
      credits += line.credits();
      amounts.put(line.currency(), amounts.getLong(line.currency(), 0L) + line.amountMinor());
    }
    return new JsonObject().put("count", credits).put("amountMinor", amounts);
  }

  private static @Nullable String oldest(List<Line> lines) {
    return lines.stream()
        .map(Line::oldest)
        .min(Comparator.naturalOrder())
        .map(Times::text)
        .orElse(null);
  }
}
