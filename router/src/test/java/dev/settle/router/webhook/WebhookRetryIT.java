package dev.settle.router.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import dev.settle.router.webhook.Receiver.Received;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Receivers that are down, slow, wrong or gone, and nodes that die: in order, at least once. */
@ExtendWith(InvariantsHold.class)
class WebhookRetryIT {

  private World world;
  private Hooks hooks;
  private Api api;

  private void start(World in, int merchants) throws Exception {
    world = in;
    api = in.startNode(1);
    hooks = new Hooks(api);
    in.onboard(api, merchants);
  }

  private JsonNode await(String id, String what, Predicate<JsonNode> holds) {
    Awaitility.await(what).atMost(Receiver.PATIENCE).until(() -> holds.test(hooks.get(id)));
    return hooks.get(id);
  }

  private static void await(String what, java.util.concurrent.Callable<Boolean> holds) {
    Awaitility.await(what).atMost(Receiver.PATIENCE).until(holds);
  }

  private void awaitTry(String id, int tries, String outcome) throws Exception {
    JsonNode seen = await(id, outcome, hook -> hook.path("tries").asInt() == tries);
    assertThat(seen.path("lastOutcome").asText()).isEqualTo(outcome);
    // Nothing is tried before the test says so.
    world.execute(
        "UPDATE webhook SET due_at = clock_timestamp() + interval '1 hour' WHERE tries > 0");
  }

  /** The pauses are minutes; nobody waits for them here. */
  private void now() throws Exception {
    world.execute("UPDATE webhook SET due_at = clock_timestamp() WHERE tries > 0");
  }

  private void sell(int merchant, int stan) {
    assertThat(api.sell(Documents.saleJson(merchant, stan)).status()).isEqualTo(201);
  }

  @Test
  void what_is_not_acknowledged_is_sent_again_the_same_and_nothing_passes_it(World in)
      throws Exception {
    start(in, 1);
    try (Receiver shop = new Receiver();
        Receiver elsewhere = new Receiver()) {
      String id = hooks.create(shop.url()).path("webhookId").asText();
      shop.answers(Receiver.status(500));
      sell(1, 1);
      awaitTry(id, 1, "status 500");
      sell(1, 2);
      await(id, "the second is there", hook -> hook.path("lastNo").asLong() == 2);

      shop.answers(
          request ->
              request.response().setStatusCode(302).putHeader("Location", elsewhere.url()).end());
      now();
      awaitTry(id, 2, "status 302");
      // Answers, and never ends: the status is what counts, and the line is cut.
      shop.answers(
          request -> {
            request.response().setChunked(true).setStatusCode(503);
            for (int i = 0; i < 200; i++) {
              request.response().write(Buffer.buffer(new byte[1024]));
            }
          });
      now();
      awaitTry(id, 3, "status 503");
      shop.answers(request -> request.connection().close());
      now();
      awaitTry(id, 4, "not-reached");
      shop.answers(Receiver::ok);
      now();
      JsonNode well = await(id, "all are told", hook -> hook.path("waiting").asLong() == 0);

      assertThat(well.path("tries").asInt()).isZero();
      assertThat(well.path("failingSince").isNull()).isTrue();
      assertThat(elsewhere.received()).isEmpty();
      List<Received> all = shop.received();
      Received first = all.get(0);
      assertThat(all.subList(0, 5))
          .allMatch(again -> again.id().equals(first.id()) && again.body().equals(first.body()));
      assertThat(all.get(5).events().path(0).path("no").asLong()).isEqualTo(2);
      assertThat(all).hasSize(6);
      assertThat(api.metric("settlement_webhook_tries_total{outcome=\"redirected\"}")).isEqualTo(1);
    }
  }

  @Test
  void one_that_does_not_answer_delays_no_other_and_is_given_up_in_the_end(World in)
      throws Exception {
    start(in, 2);
    try (Receiver dead = new Receiver();
        Receiver well = new Receiver()) {
      String id = hooks.create(dead.url()).path("webhookId").asText();
      hooks.create("\"merchantId\":\"M000002\"", well.url());
      dead.answers(request -> {});
      sell(1, 1);
      dead.await("it has the message", r -> r.received().size() == 1);
      sell(2, 2);
      well.await("the other is told", r -> r.events().size() == 1);
      assertThat(hooks.get(id).path("tries").asInt()).as("nobody has given up yet").isZero();

      awaitTry(id, 1, "no-answer");
      dead.answers(Receiver.status(500));
      world.execute(
          "UPDATE webhook SET failing_since = now() - interval '73 hours' WHERE tries > 0");
      now();
      JsonNode paused =
          await(id, "it is paused", hook -> hook.path("state").asText().equals("PAUSED"));
      assertThat(paused.path("pausedFor").asText()).isEqualTo("NOT_DELIVERED");
      Awaitility.await("it is seen")
          .atMost(Receiver.PATIENCE)
          .until(() -> api.metric("settlement_webhooks_paused") == 1);

      sell(1, 3);
      dead.answers(Receiver::ok);
      hooks.act(id, "resume");
      await(
          id,
          "all are told",
          hook -> hook.path("lastNo").asLong() == 2 && hook.path("waiting").asLong() == 0);
      dead.answers(Receiver.status(410));
      hooks.act(id, "test");
      JsonNode gone =
          await(id, "it is paused", hook -> hook.path("state").asText().equals("PAUSED"));
      assertThat(gone.path("pausedFor").asText()).isEqualTo("GONE");
    }
  }

  @Test
  void a_node_that_dies_after_it_sent_leaves_the_same_message_to_another(World in)
      throws Exception {
    world = in;
    Vertx vertx = Vertx.vertx();
    try (Receiver shop = new Receiver()) {
      hook(7, shop.url());
      test(7, 7);
      MessageStore store = new MessageStore(world.pool(), world.cipher());
      Sender sender = new Sender(vertx, new SystemResolver(vertx), true);

      assertThat(
              World.await(
                  store.take(8, 8, List.of(java.net.URI.create(shop.url()).getAuthority()))))
          .isEmpty();
      Message sent = World.await(store.take(8, 8, List.of())).get(0);
      Answer answer = send(store, sender, sent, System.nanoTime() + 1_000_000_000L);
      assertThat(answer.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
      // It died here: nothing was written. While its lease runs nobody else has the message.
      assertThat(World.await(store.take(8, 8, List.of()))).isEmpty();
      world.execute("UPDATE webhook SET due_at = clock_timestamp()");
      Message again = World.await(store.take(8, 8, List.of())).get(0);
      assertThat(again.id()).isEqualTo(sent.id());
      send(store, sender, again, System.nanoTime() + 1_000_000_000L);
      assertThat(World.await(store.acknowledged(again, answer))).isTrue();
      // The first one was only standing still, and writes what is not its any more.
      assertThat(World.await(store.acknowledged(sent, answer))).isFalse();
      assertThat(
              World.await(
                  store.notAcknowledged(sent, answer, new Retry(Duration.ofSeconds(1), "GONE"))))
          .isFalse();
      // Nor does it send what it took long ago.
      assertThat(send(store, sender, sent, System.nanoTime() - 1).outcome())
          .isEqualTo(Outcome.UNSENT);

      assertThat(shop.received()).hasSize(2);
      assertThat(shop.received().get(1).body()).isEqualTo(shop.received().get(0).body());
      assertThat(world.queryText("SELECT state || acked_no FROM webhook")).isEqualTo("ACTIVE1");
    } finally {
      World.await(vertx.close());
    }
  }

  /** Past the endpoint, which allows an owner but few. */
  private void hook(long id, String url) throws Exception {
    world.execute(
        "INSERT INTO webhook (webhook_id, owner_kind, owner_id, url, kinds, created_by) VALUES ("
            + id
            + ", 'ACQUIRER', '1', '"
            + url
            + "', ARRAY['credit.posted'], 'test')");
    try (Connection connection = world.connect();
        var insert =
            connection.prepareStatement(
                "INSERT INTO webhook_secret (webhook_id, secret_no, cipher) VALUES (?, 1, ?)")) {
      insert.setLong(1, id);
      insert.setBytes(2, world.cipher().seal(WebhookStore.purpose(id), Secret.fresh().bytes()));
      insert.execute();
    }
  }

  /** A message for each of them at once: the time that a receiver has runs from then on. */
  private void test(long first, long last) throws Exception {
    world.queryLong(
        "SELECT count(o_outcome) FROM generate_series("
            + first
            + ", "
            + last
            + ") AS id CROSS JOIN LATERAL test_webhook(id, 'test', 100)");
  }

  @Test
  void a_host_that_goes_down_with_all_its_receivers_leaves_places_to_others(World in)
      throws Exception {
    start(in, 1);
    try (Receiver down = new Receiver();
        Receiver well = new Receiver()) {
      down.answers(request -> {});
      for (int i = 0; i < 40; i++) {
        hook(100 + i, down.url() + "&n=" + i);
      }
      hook(200, well.url());
      test(100, 139);
      down.await("as many as may be are under way", r -> r.received().size() >= 8);
      test(200, 200);
      well.await("the other is told", r -> r.events().size() == 1);
      assertThat(
              world.queryLong("SELECT count(*) FROM webhook WHERE tries > 0 AND webhook_id <> 200"))
          .as("nobody has given up yet")
          .isZero();
      assertThat(down.received()).hasSizeBetween(8, 15);
    }
  }

  private static Answer send(MessageStore store, Sender sender, Message message, long until)
      throws Exception {
    return World.await(
        sender.send(
            message,
            message.body(World.await(store.events(message))),
            World.await(store.secrets(message.webhookId())),
            until));
  }

  @Test
  void what_is_committed_late_is_not_missed(World in) throws Exception {
    start(in, 2);
    sell(1, 1);
    world.settle();
    try (Receiver shop = new Receiver();
        Connection slow = world.connect();
        Statement statement = slow.createStatement()) {
      hooks.create(shop.url());
      // A settlement whose transaction stands still before its commit, as one does that waits for a
      // standby.
      slow.setAutoCommit(false);
      statement.execute("UPDATE credit_batch SET settled_at = clock_timestamp()");
      sell(1, 2);
      world.settle();
      TimeUnit.SECONDS.sleep(2);
      assertThat(shop.received()).isEmpty();
      slow.commit();

      shop.await("both are told", r -> r.events().size() == 2);
      assertThat(shop.events())
          .extracting(event -> event.path("transaction").path("stan").asText())
          .containsExactly("000001", "000002");
    }
  }

  @Test
  void what_happens_after_a_restore_into_another_server_is_told(World in) throws Exception {
    start(in, 1);
    try (Receiver shop = new Receiver()) {
      hooks.create(shop.url());
      // As a dump has it that is restored into a server with younger numbers.
      world.execute(
          "UPDATE webhook_feed SET xid_to = '8000000000', next_at = clock_timestamp(), next_xid = '8000000001'");
      sell(1, 1);
      shop.await("a settlement is told", r -> r.events("credit.posted").size() == 1);
      assertThat(
              world.queryLong(
                  "SELECT count(*) FROM webhook_feed WHERE xid_to < pg_current_xact_id()"))
          .isEqualTo(1);
      world.execute("UPDATE webhook_feed SET xid_to = '8000000000'");
      await(
          "the numbers are this server's",
          () ->
              world.queryLong(
                      "SELECT count(*) FROM webhook_feed WHERE xid_to < pg_current_xact_id()")
                  == 1);
      String account = dev.settle.router.binding.AccountId.text(world.accountOf(1));
      api.put(
          "/v1/accounts/" + account + "/status",
          dev.settle.router.access.Role.OPERATOR,
          "{\"status\":\"FROZEN\",\"reason\":\"a court asked\"}");
      sell(1, 2);
      shop.await("a departure is told", r -> r.events("credit.held").size() == 1);
    }
  }

  @Test
  void two_nodes_deliver_in_order_and_one_at_a_time(World in) throws Exception {
    start(in, 3);
    in.startNode(1);
    try (Receiver one = new Receiver();
        Receiver two = new Receiver();
        Receiver all = new Receiver()) {
      hooks.create("\"merchantId\":\"M000001\"", one.url());
      hooks.create("\"merchantId\":\"M000002\"", two.url());
      hooks.create("\"acquirerId\":\"48201000\"", all.url());
      List<Receiver> receivers = List.of(one, two, all);
      for (Receiver receiver : receivers) {
        receiver.answers(receiver.after(20));
      }
      for (int round = 0; round < 10; round++) {
        List<String> sales = new java.util.ArrayList<>();
        for (int n = 0; n < 150; n++) {
          sales.add(Documents.saleJson(1 + n % 3, 1 + round * 150 + n));
        }
        api.sellBulk(sales);
      }
      one.await("all are told", r -> r.events().size() == 500);
      two.await("all are told", r -> r.events().size() == 500);
      all.await("all are told", r -> r.events().size() == 1500);

      for (Receiver receiver : receivers) {
        long expected = 1;
        for (Received message : receiver.received()) {
          for (JsonNode event : message.events()) {
            assertThat(event.path("no").asLong()).isEqualTo(expected++);
          }
        }
        assertThat(receiver.mostUnderWay()).isEqualTo(1);
      }
    }
  }
}
