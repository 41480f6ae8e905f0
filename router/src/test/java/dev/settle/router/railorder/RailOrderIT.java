package dev.settle.router.railorder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.app.NodeSurgery;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BankControl;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.EventReader;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two people stop a rail, and every node obeys. */
@ExtendWith(InvariantsHold.class)
class RailOrderIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static Api.Answer propose(Api api, String order) {
    return send(
        api.as("olga"),
        "/v1/rails/sandbox/orders",
        Role.OPERATOR,
        "{\"order\":\"" + order + "\",\"reason\":\"the bank asked\"}");
  }

  private static Api.Answer decide(Api api, String by, String order, String what, String body) {
    return send(api.as(by), "/v1/rail-orders/" + order + "/" + what, Role.CHECKER, body);
  }

  private static Api.Answer send(Api api, String path, Role role, String body) {
    return api.post(path, role, "application/json", body.getBytes(UTF_8));
  }

  private static String id(Api.Answer proposed) {
    assertThat(proposed.status()).as(proposed.body()).isEqualTo(201);
    return proposed.json().path("orderId").asText();
  }

  private static void order(Api api, String order) {
    Api.Answer approved = decide(api, "carl", id(propose(api, order)), "approve", "");
    assertThat(approved.status()).as(approved.body()).isEqualTo(200);
    assertThat(approved.json().path("state").asText()).isEqualTo("APPROVED");
  }

  private static String code(Api.Answer answer) {
    return answer.status() + " " + answer.json().path("code").asText();
  }

  private static JsonNode rail(Api api) {
    return api.get("/v1/rails", Role.AUDITOR).json().path("rails").path(0);
  }

  private static String reason(Api api, String credit) {
    return api.get("/v1/credits/" + credit, Role.AUDITOR).json().path("reason").asText();
  }

  private static String sell(Api api, int merchant, int stan) {
    Api.Answer sold = api.sell(Documents.saleJson(merchant, stan));
    assertThat(sold.status()).as(sold.body()).isEqualTo(201);
    return sold.json().path("creditId").asText();
  }

  private static long minor(int stan) {
    return (long) Documents.sale(1, stan).get("amountMinor");
  }

  private static void awaitState(Api api, String state) {
    Awaitility.await("the rail is " + state)
        .atMost(PATIENCE)
        .until(() -> rail(api).path("state").asText().equals(state));
  }

  @Test
  void a_rail_held_on_one_node_is_obeyed_by_another_and_what_waits_says_why(World world)
      throws Exception {
    Api one = world.startNode(1);
    Api two = world.startNode(1);
    world.onboard(one, 1);
    try (EventReader events = new EventReader(two, two.token(Role.OPERATOR), "?topics=rail")) {
      order(one, "HOLD");
      JsonNode told = events.next("rail");
      while (!told.path("state").asText().equals("HELD")) {
        told = events.next("rail");
      }
    }
    String first = sell(one, 1, 1);
    String second = sell(two, 1, 2);
    TimeUnit.SECONDS.sleep(3);

    assertThat(world.booked()).isEmpty();
    assertThat(world.queryLong("SELECT count(*) FROM credit_batch WHERE state <> 'RECORDED'"))
        .isZero();
    for (String credit : new String[] {first, second}) {
      JsonNode shown = two.get("/v1/credits/" + credit, Role.AUDITOR).json();
      assertThat(shown.path("status").asText()).isEqualTo("UNPOSTED");
      JsonNode why = shown.path("explanation");
      assertThat(why.path("reason").asText()).isEqualTo("RAIL_HELD");
      assertThat(why.path("whoActs").asText()).isEqualTo("OPERATIONS");
      assertThat(why.path("retryUseful").asBoolean(true)).isFalse();
      assertThat(why.path("en").asText()).contains("stopped");
      assertThat(why.path("zh").asText()).contains("暂停");
    }
    long sum = minor(1) + minor(2);
    for (String path : new String[] {"/v1/unposted", "/v1/merchants/M000001/unposted"}) {
      JsonNode unposted = one.get(path, Role.AUDITOR).json();
      assertThat(unposted.path("amountMinor").path("CNY").asLong()).isEqualTo(sum);
      assertThat(unposted.at("/byReason/RAIL_HELD/amountMinor/CNY").asLong()).isEqualTo(sum);
      assertThat(unposted.at("/byReason/RAIL_HELD/count").asInt()).isEqualTo(2);
    }
    Awaitility.await("the rail's figures say so")
        .atMost(PATIENCE)
        .until(() -> rail(two).at("/waiting/amountMinor/CNY").asLong() == sum);
    JsonNode held = rail(two);
    assertThat(held.path("state").asText()).isEqualTo("HELD");
    assertThat(held.path("heldBy").asText()).isEqualTo("olga");
    assertThat(held.path("approvedBy").asText()).isEqualTo("carl");
    assertThat(held.path("reason").asText()).isEqualTo("the bank asked");
    assertThat(one.metric("settlement_rail_order_state{rail=\"sandbox\"}")).isEqualTo(3);
    assertThat(one.metric("settlement_conservation_delta_minor{currency=\"CNY\"}")).isZero();

    order(two, "RESUME");
    world.settle();
    assertThat(world.booked()).hasSize(2);
    assertThat(rail(one).path("state").asText()).isEqualTo("RUNNING");
    assertThat(rail(one).path("heldSince").isNull()).isTrue();
  }

  @Test
  void a_claim_that_began_before_a_hold_and_ends_after_it_takes_nothing(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String credit;
    try (Connection fence = world.connect();
        Statement lock = fence.createStatement()) {
      fence.setAutoCommit(false);
      lock.execute("SELECT pg_advisory_xact_lock(7001, merchant_bucket('M000001'))");
      credit = sell(api, 1, 1);
      Awaitility.await("the claim waits for the route's lock")
          .atMost(PATIENCE)
          .until(
              () ->
                  world.queryLong(
                          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                              + " AND wait_event_type = 'Lock' AND query LIKE '%claim_batches%'")
                      == 1);
      order(api, "HOLD");
      fence.rollback();
    }
    TimeUnit.SECONDS.sleep(2);

    assertThat(world.booked()).isEmpty();
    assertThat(reason(api, credit)).isEqualTo("RAIL_HELD");
    order(api, "RESUME");
    world.settle();
  }

  @Test
  void an_approval_is_answered_when_the_claims_under_way_have_ended(World world) throws Exception {
    Api api = world.startNode(1);
    String id = id(propose(api, "HOLD"));
    CompletableFuture<Api.Answer> approval;
    try (Connection claim = world.connect();
        Statement lock = claim.createStatement()) {
      claim.setAutoCommit(false);
      lock.execute("SELECT pg_advisory_xact_lock_shared(7008, 0)");
      approval = CompletableFuture.supplyAsync(() -> decide(api, "carl", id, "approve", ""));
      TimeUnit.SECONDS.sleep(1);
      assertThat(approval).isNotDone();
      assertThat(rail(api).path("state").asText()).isEqualTo("RUNNING");
      claim.rollback();
    }
    assertThat(approval.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
  }

  @Test
  void what_was_sent_is_asked_about_and_posted_while_its_rail_is_held(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    new BankControl(world.bankPort()).faults("{\"dropAfterBookingRate\":1,\"enquiryErrorRate\":1}");
    String credit = sell(api, 1, 1);
    Awaitility.await("it is in doubt")
        .atMost(PATIENCE)
        .until(() -> reason(api, credit).equals("IN_DOUBT"));
    order(api, "HOLD");
    new BankControl(world.bankPort()).faults("{}");

    world.settle();
    assertThat(rail(api).path("state").asText()).isEqualTo("HELD");
    assertThat(world.booked()).hasSize(1);
    assertThat(api.get("/v1/credits/" + credit, Role.AUDITOR).json().path("status").asText())
        .isEqualTo("POSTED");
  }

  /** The node remembers the rail as running, and takes what it has to the database. */
  @Test
  void a_node_that_stood_still_while_a_rail_was_held_sends_nothing(World world) throws Exception {
    Api still = world.startNode(1);
    Api other = world.startNode(1);
    world.onboard(still, 1);
    NodeSurgery.pause(world.node(0));
    order(other, "HOLD");
    NodeSurgery.resume(world.node(0));
    NodeSurgery.forgetRailOrders(world.node(0));
    String credit = sell(still, 1, 1);
    for (int n = 0; n < 40; n++) {
      NodeSurgery.forgetRailOrders(world.node(0));
      TimeUnit.MILLISECONDS.sleep(50);
    }

    assertThat(world.booked()).isEmpty();
    assertThat(reason(other, credit)).isEqualTo("RAIL_HELD");
    order(other, "RESUME");
    world.settle();
    assertThat(world.booked()).hasSize(1);
  }

  /**
   * Claims draw their numbers under the lock that an order takes alone: what came first is known.
   */
  @Test
  void however_claims_and_orders_race_none_comes_after_a_hold(World world) throws Exception {
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, 4);
    AtomicBoolean selling = new AtomicBoolean(true);
    AtomicInteger stans = new AtomicInteger();
    Thread[] terminals = {seller(one, selling, stans), seller(two, selling, stans)};
    int claimedBetween = 0;
    try (Connection people = world.connect()) {
      people.setAutoCommit(false);
      long resumed = 0;
      for (int n = 0; n < 25; n++) {
        long held = ordered(people, "HOLD");
        claimedBetween += claims(world, resumed, held);
        TimeUnit.MILLISECONDS.sleep(60);
        resumed = ordered(people, "RESUME");
        assertThat(claims(world, held, resumed)).as("claims while the rail is held").isZero();
        TimeUnit.MILLISECONDS.sleep(120);
      }
    }
    selling.set(false);
    for (Thread terminal : terminals) {
      terminal.join();
    }
    world.settle();
    System.out.printf(
        "RailOrderIT: %d sales, %d claims between 25 holds, none during one%n",
        stans.get(), claimedBetween);
    assertThat(claimedBetween).isGreaterThan(25);
    assertThat(world.booked()).hasSize(stans.get());
  }

  private static Thread seller(Api api, AtomicBoolean selling, AtomicInteger stans) {
    Thread terminal =
        new Thread(
            () -> {
              while (selling.get()) {
                int stan = stans.getAndIncrement();
                sell(api, 1 + stan % 4, stan);
              }
            });
    terminal.start();
    return terminal;
  }

  /** Puts an order into force; the newest number that any claim has drawn by then. */
  private static long ordered(Connection people, String kind) throws Exception {
    try (Statement order = people.createStatement()) {
      var proposed =
          order.executeQuery(
              "SELECT o_id FROM propose_rail_order('sandbox', '" + kind + "', 'race', 'olga')");
      proposed.next();
      order.executeQuery("SELECT approve_rail_order(" + proposed.getLong(1) + ", 'carl')");
      var drawn = order.executeQuery("SELECT last_value FROM fence_order");
      drawn.next();
      long number = drawn.getLong(1);
      people.commit();
      return number;
    }
  }

  private static int claims(World world, long after, long to) throws Exception {
    return (int)
        world.queryLong(
            "SELECT count(*) FROM credit_batch WHERE claim_no > "
                + after
                + " AND claim_no <= "
                + to);
  }

  @Test
  void what_waited_is_sent_and_nothing_new_until_the_rail_is_drained(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    order(api, "HOLD");
    for (int stan = 0; stan < 5; stan++) {
      sell(api, 1, stan);
    }
    // The route of what waits moves on: it leaves for a new batch, and has waited all the same.
    world.bind("M000001", "", world.addAccount(1, "6222029000000019001"));
    order(api, "DRAIN");

    awaitState(api, "DRAINED");
    assertThat(world.booked()).hasSize(5);
    assertThat(world.queryLong("SELECT count(*) FROM credit_exception WHERE kind = 'REROUTED'"))
        .isEqualTo(5);
    String late = sell(api, 2, 5);
    TimeUnit.SECONDS.sleep(3);
    assertThat(world.booked()).hasSize(5);
    assertThat(reason(api, late)).isEqualTo("RAIL_HELD");
    assertThat(rail(api).path("state").asText()).isEqualTo("DRAINED");
    assertThat(code(propose(api, "DRAIN"))).isEqualTo("409 rail-state");

    order(api, "RESUME");
    world.settle();
    assertThat(world.booked()).hasSize(6);
    assertThat(world.queryLong("SELECT count(*) FROM draining_batch")).isZero();
  }

  /** What moved is newer than the order, and only the database knows that it had waited before. */
  @Test
  void a_node_that_dies_while_it_drains_leaves_nothing_behind_and_the_rail_is_drained(World world)
      throws Exception {
    Api dying = world.startNode(1);
    Api other = world.startNode(1);
    world.onboard(dying, 1);
    order(dying, "HOLD");
    for (int stan = 0; stan < 5; stan++) {
      sell(dying, 1, stan);
    }
    world.bind("M000001", "", world.addAccount(1, "6222029000000019001"));
    stopClaimsOfWhatMoved(world);
    try (Connection somebody = world.connect();
        Statement lock = somebody.createStatement()) {
      somebody.setAutoCommit(false);
      lock.execute("SELECT pg_advisory_xact_lock(7999, 0)");
      order(dying, "DRAIN");
      Awaitility.await("the claim of what moved is under way")
          .atMost(PATIENCE)
          .until(
              () ->
                  world.queryLong(
                          "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid ="
                              + " 7999 AND NOT granted AND database = (SELECT oid FROM pg_database"
                              + " WHERE datname = current_database())")
                      > 0);
      world.kill(0);
      somebody.rollback();
    }
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM credit_batch JOIN draining_batch USING (batch_id) WHERE state"
                    + " = 'RECORDED'"))
        .isPositive();
    assertThat(world.booked()).isEmpty();

    awaitState(other, "DRAINED");
    world.settle();
    assertThat(world.booked()).hasSize(5);
    assertThat(
            world.queryLong(
                "SELECT max(epoch) FROM credit_batch JOIN draining_batch USING (batch_id)"))
        .as("taken over once")
        .isEqualTo(1);
  }

  /** Whoever claims a batch that left another while its rail drains waits for the lock 7999. */
  private static void stopClaimsOfWhatMoved(World world) throws Exception {
    world.execute(
        """
        CREATE FUNCTION wait_where_moved() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.state = 'SENT' AND EXISTS (SELECT FROM draining_batch d WHERE d.batch_id = NEW.batch_id) THEN
            PERFORM pg_advisory_xact_lock_shared(7999, 0);
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER wait_where_moved BEFORE UPDATE ON credit_batch FOR EACH ROW EXECUTE FUNCTION wait_where_moved();
        """);
  }

  @Test
  void nobody_decides_on_an_order_of_his_own(World world) throws Exception {
    Api api = world.startNode(1);
    String id = id(propose(api, "HOLD"));

    assertThat(code(decide(api, "olga", id, "approve", ""))).isEqualTo("403 proposer-is-checker");
    assertThat(code(decide(api, "olga", id, "reject", "{\"reason\":\"no\"}")))
        .isEqualTo("403 proposer-is-checker");
    assertThatThrownBy(
            () ->
                world.execute(
                    "UPDATE rail_order SET state = 'APPROVED', decided_by = 'olga', decided_at = now()"))
        .hasMessageContaining("proposer_is_not_checker");
    assertThat(rail(api).path("state").asText()).isEqualTo("RUNNING");
    assertThat(world.queryLong("SELECT count(*) FROM rail_stop")).isZero();
  }

  @Test
  void an_order_is_decided_once_and_stays_as_it_was(World world) throws Exception {
    Api api = world.startNode(1);
    Api.Answer proposed = propose(api, "HOLD");
    String id = id(proposed);
    Api.Answer again = propose(api, "HOLD");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(proposed.body());
    assertThat(code(propose(api, "DRAIN"))).isEqualTo("409 rail-order-open");
    assertThat(api.get("/v1/rails", Role.MAKER).json().path("orders")).hasSize(1);

    Api.Answer rejected = decide(api, "carl", id, "reject", "{\"reason\":\"not now\"}");
    assertThat(rejected.json().path("state").asText()).isEqualTo("REJECTED");
    assertThat(rejected.json().path("decisionReason").asText()).isEqualTo("not now");
    assertThat(decide(api, "carl", id, "reject", "{\"reason\":\"not now\"}").body())
        .isEqualTo(rejected.body());
    assertThat(code(decide(api, "dora", id, "approve", ""))).isEqualTo("409 rail-order-decided");
    assertThat(code(propose(api, "RESUME"))).isEqualTo("409 rail-state");
    order(api, "HOLD");
    assertThat(code(propose(api, "HOLD"))).isEqualTo("409 rail-state");
    JsonNode approved = api.get("/v1/rail-orders?state=APPROVED", Role.AUDITOR).json();
    assertThat(approved.path("orders")).hasSize(1);
    assertThat(api.get("/v1/rail-orders", Role.AUDITOR).json().path("orders")).hasSize(2);
    assertThat(api.get("/v1/rails", Role.MAKER).json().path("orders")).isEmpty();

    assertThatThrownBy(() -> world.execute("UPDATE rail_order SET reason = 'another'"))
        .hasMessageContaining("decided once");
    assertThatThrownBy(() -> world.execute("DELETE FROM rail_order"));
  }

  @Test
  void what_is_no_order_is_refused(World world) throws Exception {
    Api api = world.startNode(1);
    assertThat(propose(api, "STOP").json().path("field").asText()).isEqualTo("order");
    assertThat(
            send(api, "/v1/rails/sandbox/orders", Role.OPERATOR, "{\"order\":\"HOLD\"}")
                .json()
                .path("field")
                .asText())
        .isEqualTo("reason");
    assertThat(
            code(
                send(
                    api,
                    "/v1/rails/unknown/orders",
                    Role.OPERATOR,
                    "{\"order\":\"HOLD\",\"reason\":\"x\"}")))
        .isEqualTo("404 not-found");
    assertThat(code(decide(api, "carl", "RO7", "approve", ""))).isEqualTo("404 not-found");
    assertThat(code(decide(api, "carl", "7", "approve", ""))).isEqualTo("404 not-found");
    for (String wrong : new String[] {"state=OPEN", "before=1"}) {
      assertThat(api.get("/v1/rail-orders?" + wrong, Role.OPERATOR).json().path("field").asText())
          .isEqualTo(wrong.split("=")[0]);
    }
  }
}
