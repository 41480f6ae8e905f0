package dev.settle.router.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.app.NodeSurgery;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.RailStops;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.EventReader;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What consoles are told, as it happens. */
@ExtendWith(InvariantsHold.class)
class EventsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static EventReader open(Api api, String query) throws Exception {
    EventReader reader = new EventReader(api, api.token(Role.OPERATOR), query);
    assertThat(reader.head().status()).isEqualTo(200);
    assertThat(reader.head().contentType()).startsWith("text/event-stream");
    return reader;
  }

  @Test
  void the_figures_of_now_are_those_of_the_api_for_the_whole_cluster(World world) throws Exception {
    Api one = world.startNode(1);
    Api two = world.startNode(1);
    world.onboard(one, 3);
    World.await(world.bindings().setStatus(world.accountOf(2), AccountStatus.FROZEN, "t", "t"));
    for (int n = 0; n < 12; n++) {
      assertThat((n % 2 == 0 ? one : two).sell(Documents.saleJson(1 + n % 3, n)).status())
          .isEqualTo(201);
    }
    world.settle();
    try (EventReader reader = open(two, "?topics=now")) {
      JsonNode first = reader.next("now");
      assertThat(first.fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder("at", "perSecond", "unposted", "nodes", "rails");
      JsonNode api = one.get("/v1/unposted", Role.AUDITOR).json();
      assertThat(api.path("count").asInt()).isEqualTo(4);
      JsonNode now = first;
      // Both nodes have spoken, and the book was read after the last sale.
      for (int n = 0; n < 20 && !isAsTheApiSays(now, api); n++) {
        now = reader.next("now");
      }
      assertThat(isAsTheApiSays(now, api)).as(now + " against " + api).isTrue();
      assertThat(now.path("rails")).isEqualTo(figuresOfRails(two));
      assertThat(now.path("perSecond").fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder("accepted", "posted", "unposted");
      for (JsonNode node : now.path("nodes")) {
        assertThat(Duration.between(Instant.parse(node.path("seenAt").asText()), Instant.now()))
            .isLessThan(Duration.ofSeconds(10));
        assertThat(node.path("breakers").path("sandbox").asText()).isEqualTo("CLOSED");
        assertThat(node.path("queueDepth").isInt()).isTrue();
        assertThat(node.path("versionLag").isInt()).isTrue();
      }
    }
  }

  private static boolean isAsTheApiSays(JsonNode now, JsonNode api) {
    Map<String, Long> reasons = new TreeMap<>();
    long count = 0;
    long minor = 0;
    for (JsonNode line : now.path("unposted").path("byReason")) {
      reasons.put(line.path("reason").asText(), line.path("amountMinor").asLong());
      count += line.path("count").asLong();
      minor += line.path("amountMinor").asLong();
    }
    Map<String, Long> told = new TreeMap<>();
    api.path("byReason")
        .fields()
        .forEachRemaining(
            reason ->
                told.put(
                    reason.getKey(), reason.getValue().path("amountMinor").path("CNY").asLong()));
    return now.path("nodes").size() == 2
        && count == api.path("count").asLong()
        && now.path("unposted").path("count").asLong() == count
        && now.path("unposted").path("amountMinor").equals(api.path("amountMinor"))
        && minor == api.path("amountMinor").path("CNY").asLong()
        && reasons.equals(told);
  }

  /** The same without who stopped them. */
  private static JsonNode figuresOfRails(Api api) {
    JsonNode rails = api.get("/v1/rails", Role.AUDITOR).json().path("rails");
    for (JsonNode rail : rails) {
      ((com.fasterxml.jackson.databind.node.ObjectNode) rail)
          .remove(List.of("heldSince", "heldBy", "approvedBy", "reason"));
    }
    return rails;
  }

  @Test
  void what_is_accepted_and_posted_per_second_is_seen_by_every_node(World world) throws Exception {
    Api one = world.startNode(1);
    Api two = world.startNode(1);
    world.onboard(one, 1);
    try (EventReader reader = open(two, "?topics=now")) {
      for (int n = 0; n < 50; n++) {
        one.sell(Documents.saleJson(1, n));
      }
      double accepted = 0;
      double posted = 0;
      double ofNodeOne = 0;
      for (int n = 0; n < 15 && (accepted == 0 || posted == 0 || ofNodeOne == 0); n++) {
        JsonNode now = reader.next("now");
        accepted += now.path("perSecond").path("accepted").asDouble();
        posted += now.path("perSecond").path("posted").asDouble();
        for (JsonNode node : now.path("nodes")) {
          if (node.path("node").asText().equals("node-0")) {
            ofNodeOne += node.path("perSecond").path("accepted").asDouble();
          } else {
            assertThat(node.path("perSecond").path("accepted").asDouble()).isZero();
          }
        }
      }
      assertThat(accepted).isPositive();
      assertThat(posted).isPositive();
      assertThat(ofNodeOne).isPositive();
    }
    world.settle();
  }

  @Test
  void a_node_that_falls_silent_stays_listed_with_the_time_it_was_heard_last(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.startNode(1);
    try (EventReader reader = open(api, "?topics=now")) {
      JsonNode now = reader.next("now");
      while (now.path("nodes").size() < 2) {
        now = reader.next("now");
      }
      world.kill(1);
      Instant killed = Instant.now();
      for (int n = 0; n < 4; n++) {
        now = reader.next("now");
      }
      assertThat(now.path("nodes")).hasSize(2);
      assertThat(now.path("nodes").path(1).path("node").asText()).isEqualTo("node-1");
      assertThat(Instant.parse(now.path("nodes").path(1).path("seenAt").asText()))
          .isBefore(killed.plusSeconds(2));
      assertThat(Instant.parse(now.path("nodes").path(0).path("seenAt").asText()))
          .isAfter(killed.plusSeconds(1));
      assertThat(now.path("nodes").path(1).path("silentMs").asLong()).isBetween(2_000L, 60_000L);
      assertThat(now.path("nodes").path(0).path("silentMs").asLong()).isBetween(0L, 1_000L);
    }
  }

  @Test
  void what_only_a_newer_node_has_a_word_for_stops_no_figures(World world) throws Exception {
    Api api = world.startNode(1);
    try (EventReader reader = open(api, "?topics=now")) {
      reader.next("now");
      NodeSurgery.member(world.node(0))
          .<String>getTopic("node-figures")
          .publish(
              "{\"node\":\"newer\",\"member\":\"m\",\"breakers\":{\"sandbox\":\"THROTTLED\"}}");
      JsonNode now = reader.next("now");
      while (now.path("nodes").size() < 2) {
        now = reader.next("now");
      }
      assertThat(now.path("rails").path(0).path("breaker").asText()).isEqualTo("CLOSED");
      Api.Answer rails = api.get("/v1/rails", Role.AUDITOR);
      assertThat(rails.status()).as(rails.body()).isEqualTo(200);
    }
  }

  @Test
  void a_beat_that_fails_stops_no_other(World world) throws Exception {
    world.startNode(1);
    ClusterFigures cluster =
        new ClusterFigures(NodeSurgery.member(world.node(0)), "failing", Clock.systemUTC());
    AtomicInteger looks = new AtomicInteger();
    Vertx vertx = Vertx.vertx();
    try {
      Pulse pulse =
          new Pulse(
              vertx,
              new Figures(cluster, List.of(), new RailStops()),
              NodeSurgery.events(world.node(0)),
              () -> {
                if (looks.incrementAndGet() < 3) {
                  throw new IllegalStateException("a peer says what nobody thought of");
                }
                return new NodeReading(0, 0, null, 0, 0, Map.of());
              });
      pulse.start();
      Awaitility.await("the third is told")
          .atMost(PATIENCE)
          .until(
              () ->
                  cluster.speaking().stream()
                      .anyMatch(figures -> figures.getString("node").equals("failing")));
      pulse.stop();
    } finally {
      World.await(vertx.close());
    }
  }

  @Test
  void a_slow_reader_loses_figures_and_costs_no_memory(World world) throws Exception {
    Api api = world.startNode(1);
    EventHub hub = NodeSurgery.events(world.node(0));
    JsonObject large = new JsonObject().put("pad", "x".repeat(10_000));
    try (EventReader slow = new EventReader(api, api.token(Role.OPERATOR), "", 4_096)) {
      for (int n = 0; n < 20_000; n++) {
        hub.publish(EventTopic.NOW, large);
        if (n % 200 == 0) {
          Thread.sleep(5);
        }
      }
      int got = 0;
      for (int real = 0; real < 2; ) {
        boolean isLarge = slow.next("now").has("pad");
        got += isLarge ? 1 : 0;
        real = isLarge || got == 0 ? 0 : real + 1;
      }
      System.out.println("EventsIT: of 20,000 figures a reader who stood still got " + got);
      // 200 MB were told; what the kernel and one small buffer keep is read, nothing else is there.
      assertThat(got).isLessThan(2_000);
    }
  }

  @Test
  void a_reader_who_misses_more_than_figures_is_told_to_read_anew(World world) throws Exception {
    Api api = world.startNode(1);
    EventHub hub = NodeSurgery.events(world.node(0));
    JsonObject large = new JsonObject().put("pad", "x".repeat(10_000));
    try (EventReader slow = new EventReader(api, api.token(Role.OPERATOR), "?topics=rail", 4_096)) {
      for (int n = 0; n < 3_000; n++) {
        hub.publish(EventTopic.RAIL, large);
      }
      assertThat(slow.next("end").path("why").asText()).isEqualTo("BEHIND");
      assertThat(slow.next()).isNull();
    }
    assertGone(hub);
  }

  @Test
  void a_reader_who_takes_nothing_any_more_is_given_up(World world) throws Exception {
    Api api = world.startNode(1);
    EventHub hub = NodeSurgery.events(world.node(0));
    JsonObject large = new JsonObject().put("pad", "x".repeat(10_000));
    try (EventReader still = new EventReader(api, api.token(Role.OPERATOR), "", 4_096)) {
      assertThat(still.head().status()).isEqualTo(200);
      // Each for itself, until the kernel takes no more.
      for (int n = 0; n < 1_500; n++) {
        hub.publish(EventTopic.NOW, large);
        Thread.sleep(1);
      }
      assertThat(hub.open()).isEqualTo(1);
      assertGone(hub);
    }
  }

  @Test
  void a_reader_who_does_not_take_the_end_keeps_neither_place_nor_connection(World world)
      throws Exception {
    Api api = world.startNode(1);
    EventHub hub = NodeSurgery.events(world.node(0));
    JsonObject large = new JsonObject().put("pad", "x".repeat(10_000));
    try (EventReader still =
        new EventReader(api, api.token(Role.OPERATOR), "?topics=rail", 4_096)) {
      for (int n = 0; n < 3_000; n++) {
        hub.publish(EventTopic.RAIL, large);
      }
      assertThat(hub.open()).isEqualTo(1);
      assertGone(hub);
      // What the kernel has is read, and nothing of what the node kept: the line was cut.
      assertThatThrownBy(() -> still.next("end")).isNotNull();
    }
  }

  private static void assertGone(EventHub hub) {
    Awaitility.await("no stream is left").atMost(PATIENCE).until(() -> hub.open() == 0);
  }

  @Test
  void a_node_has_so_many_streams_and_no_more(World world) throws Exception {
    Api api = world.startNode();
    EventHub hub = NodeSurgery.events(world.node(0));
    List<EventReader> readers = new ArrayList<>();
    try {
      for (int n = 0; n < Limits.EVENT_STREAMS; n++) {
        readers.add(open(api.as("reader-" + n / Limits.EVENT_STREAMS_OF_ONE), ""));
      }
      Api.Answer refused = api.get("/v1/events", Role.AUDITOR);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.json().path("code").asText()).isEqualTo("too-many-streams");
      assertThat(refused.headers()).containsKey("retry-after");
      assertThat(api.metric("settlement_event_streams")).isEqualTo(Limits.EVENT_STREAMS);

      readers.remove(0).close();
      Awaitility.await("a place is free")
          .atMost(PATIENCE)
          .until(() -> hub.open() < Limits.EVENT_STREAMS);
      readers.add(open(api, ""));
    } finally {
      for (EventReader reader : readers) {
        reader.close();
      }
    }
    assertGone(hub);
  }

  @Test
  void one_person_leaves_places_to_others(World world) throws Exception {
    Api api = world.startNode(1);
    EventHub hub = NodeSurgery.events(world.node(0));
    List<EventReader> readers = new ArrayList<>();
    try {
      for (int n = 0; n < Limits.EVENT_STREAMS_OF_ONE; n++) {
        readers.add(open(api.as("olga"), ""));
      }
      // Whatever the role.
      Api.Answer refused = api.as("olga").get("/v1/events", Role.AUDITOR);
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.json().path("code").asText()).isEqualTo("too-many-own-streams");
      assertThat(refused.json().path("detail").asText()).contains("close one");
      readers.add(open(api.as("carl"), ""));

      readers.remove(0).close();
      Awaitility.await("her place is free")
          .atMost(PATIENCE)
          .until(() -> hub.open() == Limits.EVENT_STREAMS_OF_ONE);
      readers.add(open(api.as("olga"), ""));
    } finally {
      for (EventReader reader : readers) {
        reader.close();
      }
    }
    assertGone(hub);
  }

  @Test
  void a_stream_ends_with_its_token(World world) throws Exception {
    Api api = world.startNode(1);
    String token = world.token(Role.AUDITOR, "ada", Duration.ofSeconds(4));
    try (EventReader reader = new EventReader(api, token, "")) {
      assertThat(reader.head().status()).isEqualTo(200);
      assertThat(reader.next("end").path("why").asText()).isEqualTo("TOKEN_EXPIRED");
      assertThat(reader.next()).isNull();
    }
    assertGone(NodeSurgery.events(world.node(0)));
  }

  @Test
  void a_stream_ends_when_its_node_stops(World world) throws Exception {
    Api api = world.startNode(1);
    try (EventReader reader = open(api, "?topics=rail")) {
      world.stop(0);
      assertThat(reader.next("end").path("why").asText()).isEqualTo("LEAVING");
    }
  }

  /** What was notified while nobody listened is told to nobody: so who shows something asks. */
  @Test
  void a_stream_ends_when_notices_may_have_been_lost(World world) throws Exception {
    Api api = world.startNode(1);
    try (EventReader reader = open(api, "?topics=card-change")) {
      world.cutDatabaseConnections();
      assertThat(reader.next("end").path("why").asText()).isEqualTo("BEHIND");
    }
    try (EventReader again = open(api, "?topics=rail")) {
      world.execute("SELECT tell_rail('sandbox')");
      JsonNode rail = again.next("rail");
      assertThat(rail.toString()).isEqualTo("{\"rail\":\"sandbox\",\"state\":\"RUNNING\"}");
    }
  }

  @Test
  void only_what_is_asked_for_comes_and_what_is_unknown_is_refused(World world) throws Exception {
    Api api = world.startNode(1);
    for (String wrong : List.of("weather", "now,", "")) {
      Api.Answer refused = api.get("/v1/events?topics=" + wrong, Role.AUDITOR);
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.json().path("field").asText()).isEqualTo("topics");
    }
    try (EventReader reader = open(api, "?topics=exception-order")) {
      world.execute(
          "SELECT tell_console('exception-order', '{\"orderId\":\"o\",\"state\":\"DONE\",\"done\":2,\"total\":2}')");
      EventReader.Event first = reader.next();
      assertThat(first.name()).isEqualTo("exception-order");
      assertThat(first.data().path("done").asInt()).isEqualTo(2);
      assertThat(first.data().has("topic")).isFalse();
    }
  }
}
