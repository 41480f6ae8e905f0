package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountId;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.CrookedBank;
import dev.settle.router.testing.CrookedBank.Manner;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.World;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What was held, or refused by a bank, goes on by itself when the merchant's route is good again.
 */
@ExtendWith(InvariantsHold.class)
class ReleaseIT {

  private static final String SECOND_CARD = "6222029000000019001";
  private static final String FROZEN_AT_THE_BANK = "6222021000000010006";

  @Test
  void what_was_held_for_a_freeze_is_posted_in_order_of_age_after_the_thaw_and_once(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    String first = "";
    for (int from = 0; from < 3_000; from += 1_000) {
      List<JsonNode> answers = api.sellBulk(sales(1, from, 1_000));
      assertThat(answers).extracting(a -> a.path("reason").asText()).containsOnly("ACCOUNT_FROZEN");
      first = first.isEmpty() ? answers.get(0).path("creditId").asText() : first;
    }

    setStatus(world, AccountStatus.ACTIVE);
    allPosted(world, 3_000);

    assertThat(
            world.queryLong(
                """
                SELECT count(*) FROM (
                  SELECT b.claim_no, lag(b.claim_no) OVER (ORDER BY e.credit_id) AS before
                  FROM credit_exception e JOIN credit_batch b ON b.batch_id = e.to_batch) x WHERE claim_no < before
                """))
        .as("younger credits that were claimed before older ones")
        .isZero();
    JsonNode credit = credit(api, first);
    assertThat(credit.path("status").asText()).isEqualTo("POSTED");
    assertThat(credit.path("bindingVersion").asInt()).isEqualTo(3);
    assertThat(facts(credit)).containsExactly("RECORDED", "HELD", "RELEASED", "SENT", "POSTED");
    JsonNode released = credit.path("history").get(2);
    assertThat(released.path("cause").asText()).isEqualTo("ACCOUNT_STATUS");
    assertThat(released.path("version").asInt()).isEqualTo(3);
    assertThat(released.path("accountId").asText()).isEqualTo(AccountId.text(world.accountOf(1)));
    assertThat(credit.path("history").get(3).path("endToEndId").asText()).isEqualTo(first + "-2");
    assertThat(api.metric("settlement_released_total{reason=\"ACCOUNT_FROZEN\"}")).isEqualTo(3_000);
  }

  @Test
  void what_no_rail_carried_goes_on_when_a_node_comes_that_has_one(World world) throws Exception {
    world.rails((vertx, settings, metrics) -> List.of());
    Api without = world.startNode(1);
    world.onboard(without, 1);
    String credit = without.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    assertThat(credit(without, credit).path("reason").asText()).isEqualTo("RAIL_UNAVAILABLE");
    world.stop(0);

    world.rails(
        (vertx, settings, metrics) ->
            List.of(new SandboxConnector(vertx, settings.sandboxRail(), metrics)));
    Api with = world.startNode(1);

    allPosted(world, 1);
    assertThat(facts(credit(with, credit)))
        .containsExactly("RECORDED", "HELD", "RELEASED", "SENT", "POSTED");
  }

  @Test
  void a_merchant_on_hold_is_paid_when_the_hold_is_lifted(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 2);
    hold(world, true);
    api.sellBulk(sales(1, 0, 50));
    api.sellBulk(sales(2, 50, 50));
    allPosted(world, 50);

    hold(world, false);

    allPosted(world, 100);
  }

  @Test
  void the_sales_of_an_unknown_merchant_are_paid_once_it_is_onboarded(World world)
      throws Exception {
    Api api = world.startNode();
    JsonNode answer = api.sellBulk(sales(1, 0, 50)).get(0);
    assertThat(answer.path("reason").asText()).isEqualTo("UNKNOWN_MERCHANT");

    world.onboard(api, 1);

    allPosted(world, 50);
    JsonNode credit = credit(api, answer.path("creditId").asText());
    assertThat(credit.path("history").get(2).path("cause").asText()).isEqualTo("ONBOARDED");
  }

  @Test
  void a_reason_that_changes_while_a_credit_is_held_stands_in_its_history(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    String id = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    String since = credit(api, id).path("explanation").path("since").asText();
    hold(world, true);
    awaitReason(api, id, "MERCHANT_HOLD");
    setStatus(world, AccountStatus.CLOSED);
    hold(world, false);
    awaitReason(api, id, "ACCOUNT_CLOSED");
    assertThat(credit(api, id).path("explanation").path("since").asText())
        .as("its age counts from the first hold")
        .isEqualTo(since);
    // Sent again, it is answered as it was the first time.
    assertThat(api.sell(Documents.saleJson(1, 1)).json().path("reason").asText())
        .isEqualTo("ACCOUNT_FROZEN");
    bindSecondCard(world);
    allPosted(world, 1);

    JsonNode credit = credit(api, id);
    assertThat(facts(credit))
        .containsExactly(
            "RECORDED", "HELD", "REASON_CHANGED", "REASON_CHANGED", "RELEASED", "SENT", "POSTED");
    assertThat(credit.path("history").findValuesAsText("reason"))
        .containsExactly("ACCOUNT_FROZEN", "MERCHANT_HOLD", "ACCOUNT_CLOSED");
    assertThat(credit.path("history").get(4).path("cause").asText()).isEqualTo("BINDING");
    assertThat(credit.path("account").path("last4").asText()).isEqualTo("9001");
  }

  @Test
  void what_a_bank_refused_as_frozen_arrives_at_the_account_that_is_bound_next(World world)
      throws Exception {
    Api api = world.startNode();
    api.onboardBulk(Documents.merchant(1, FROZEN_AT_THE_BANK) + "\n");
    String refused = api.sell(Documents.saleJson(1, 0)).json().path("creditId").asText();
    awaitStatusOfAccount(world, "FROZEN");
    List<JsonNode> later = api.sellBulk(sales(1, 1, 49));
    assertThat(later).extracting(a -> a.path("status").asText()).containsOnly("HELD");
    assertThat(
            world.queryText(
                "SELECT changed_by || ' ' || reason FROM account_status_change WHERE status = 'FROZEN'"))
        .isEqualTo("rail:sandbox AC06");
    assertThat(world.booked()).isEmpty();

    bindSecondCard(world);

    allPosted(world, 50);
    assertThat(world.booked()).extracting(b -> b.account()).containsOnly(SECOND_CARD);
    JsonNode credit = credit(api, refused);
    assertThat(facts(credit))
        .containsExactly("RECORDED", "SENT", "REJECTED", "RELEASED", "SENT", "POSTED");
    assertThat(credit.path("postedMinor").asLong()).isEqualTo(credit.path("amountMinor").asLong());
  }

  @Test
  void what_a_bank_refused_is_tried_again_at_the_same_account_only_after_a_thaw(World world)
      throws Exception {
    Api api = world.startNode();
    api.onboardBulk(Documents.merchant(1, FROZEN_AT_THE_BANK) + "\n");
    api.sell(Documents.saleJson(1, 0));
    awaitStatusOfAccount(world, "FROZEN");
    hold(world, true);
    hold(world, false);
    awaitDecided(world);
    assertThat(attempts(world)).isEqualTo(1);

    setStatus(world, AccountStatus.ACTIVE);

    // The bank has not thawed it: refused again, and frozen again.
    Awaitility.await("a second attempt").until(() -> attempts(world) == 2);
    awaitStatusOfAccount(world, "FROZEN");
    awaitDecided(world);
    assertThat(attempts(world)).isEqualTo(2);
    world.settle();
  }

  @Test
  void what_a_bank_refused_for_a_wrong_name_waits_for_another_account(World world)
      throws Exception {
    Api api = world.startNode();
    api.onboardBulk(Documents.merchant(1, "6222021000000010001") + "\n");
    api.sell(Documents.saleJson(1, 0));
    world.settle();
    setStatus(world, AccountStatus.FROZEN);
    setStatus(world, AccountStatus.ACTIVE);
    awaitDecided(world);
    assertThat(attempts(world)).isEqualTo(1);

    bindSecondCard(world);

    allPosted(world, 1);
  }

  @Test
  void a_terminal_of_somebody_else_is_paid_by_order_and_never_silently(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 2);
    String id = sellAtTerminalOfTwo(api, 1);
    String other = sellAtTerminalOfTwo(api, 2);
    String good = api.sell(Documents.saleJson(1, 3)).json().path("creditId").asText();
    // A newer route alone releases nothing of it.
    bindSecondCard(world);
    awaitDecided(world);
    allPosted(world, 1);
    assertThat(credit(api, id).path("reason").asText()).isEqualTo("TERMINAL_MISMATCH");

    Api.Answer ordered = release(api, id, "{\"reason\":\"the shops were swapped\"}");

    assertThat(ordered.status()).isEqualTo(200);
    allPosted(world, 2);
    JsonNode credit = credit(api, id);
    assertThat(facts(credit))
        .containsExactly("RECORDED", "HELD", "RELEASE_ORDERED", "RELEASED", "SENT", "POSTED");
    assertThat(credit.path("history").get(2).path("by").asText()).isEqualTo("operator-1");
    assertThat(credit.path("history").get(3).path("cause").asText()).isEqualTo("RELEASE_ORDER");
    assertThat(credit(api, other).path("status").asText()).isEqualTo("HELD");
    assertThat(release(api, id, "{\"reason\":\"again\"}").json().path("code").asText())
        .isEqualTo("not-held");
    assertThat(release(api, good, "{\"reason\":\"x\"}").status()).isEqualTo(409);
    assertThat(release(api, "C0000000000ZZ", "{\"reason\":\"x\"}").status()).isEqualTo(404);
    assertThat(release(api, other, "{\"reason\":\"\"}").status()).isEqualTo(422);
    world.execute(
        "INSERT INTO terminal VALUES ('M000001', 'T0000002'); SELECT begin_route_change('M000001', 'BINDING', 'test')");
    allPosted(world, 3);
  }

  @Test
  void an_order_stands_though_a_route_changes_between_release_and_claim(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 2);
    setStatus(world, AccountStatus.FROZEN);
    String id = sellAtTerminalOfTwo(api, 1);
    release(api, id, "{\"reason\":\"swapped\"}");
    awaitReason(api, id, "ACCOUNT_FROZEN");
    try (Connection fence = world.connect();
        Statement lock = fence.createStatement()) {
      setStatus(world, AccountStatus.ACTIVE);
      fence.setAutoCommit(false);
      lock.execute("SELECT pg_advisory_xact_lock(7001, merchant_bucket('M000001'))");
      Awaitility.await("released")
          .until(
              () ->
                  world.queryLong("SELECT count(*) FROM credit_batch WHERE state = 'RECORDED'")
                      == 1);
      lock.execute("SELECT begin_route_change('M000001', 'HOLD', 'test')");
      fence.commit();
    }

    allPosted(world, 1);
    assertThat(facts(credit(api, id)))
        .containsSubsequence(
            "HELD",
            "RELEASE_ORDERED",
            "REASON_CHANGED",
            "RELEASED",
            "HELD",
            "RELEASED",
            "SENT",
            "POSTED");
  }

  @Test
  void the_same_order_again_is_answered_alike_and_kept_once(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 2);
    setStatus(world, AccountStatus.FROZEN);
    String id = sellAtTerminalOfTwo(api, 1);
    String order = "{\"reason\":\"swapped\"}";
    List<CompletableFuture<Api.Answer>> orders = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      orders.add(CompletableFuture.supplyAsync(() -> release(api, id, order)));
    }
    List<Api.Answer> answers = new ArrayList<>();
    for (CompletableFuture<Api.Answer> one : orders) {
      answers.add(one.get(30, TimeUnit.SECONDS));
    }
    awaitReason(api, id, "ACCOUNT_FROZEN");
    answers.add(release(api, id, order));
    setStatus(world, AccountStatus.ACTIVE);
    allPosted(world, 1);
    answers.add(release(api, id, order));

    assertThat(answers).extracting(Api.Answer::status).containsOnly(200);
    assertThat(answers).extracting(Api.Answer::body).containsOnly(answers.get(0).body());
    assertThat(world.queryLong("SELECT count(*) FROM credit_release_order")).isEqualTo(1);
    assertThat(release(api, id, "{\"reason\":\"another\"}").status()).isEqualTo(409);
  }

  @Test
  void an_order_without_a_reason_is_refused(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    String id = sellAtTerminalOfTwo(api, 1);
    for (String blank : List.of("", " ", "   ", "\u00a0", "\u3000")) {
      Api.Answer answer = release(api, id, "{\"reason\":\"" + blank + "\"}");
      assertThat(answer.status()).as(answer.body()).isEqualTo(422);
      assertThat(answer.json().path("field").asText()).isEqualTo("reason");
    }
    assertThat(world.queryLong("SELECT count(*) FROM credit_release_order")).isZero();
  }

  @Test
  void what_was_released_when_its_node_died_is_sent_by_another(World world) throws Exception {
    Api dying = world.startNode(1);
    world.onboard(dying, 1);
    setStatus(world, AccountStatus.FROZEN);
    dying.sellBulk(sales(1, 0, 300));
    try (Connection fence = world.connect();
        Statement lock = fence.createStatement()) {
      setStatus(world, AccountStatus.ACTIVE);
      fence.setAutoCommit(false);
      lock.execute("SELECT pg_advisory_xact_lock(7001, merchant_bucket('M000001'))");
      Awaitility.await("released, not claimed")
          .until(
              () ->
                  world.queryLong("SELECT count(*) FROM credit_exception WHERE closed_at IS NULL")
                      == 0);
      world.kill(0);
      fence.rollback();
    }
    assertThat(world.booked()).isEmpty();

    world.startNode(1);

    allPosted(world, 300);
  }

  @Test
  void two_nodes_release_at_once_and_each_credit_goes_on_once(World world) throws Exception {
    Random random = new Random(Seeds.of(this));
    Api one = world.startNode(1);
    Api two = world.startNode(1);
    world.onboard(one, 5);
    int sold = 0;
    // Until both have had a hand in it: which node's second comes first is chance.
    for (int round = 0; round < 6 || round < 60 && releasers(world) < 2; round++) {
      for (int m = 1; m <= 5; m++) {
        World.await(
            world.bindings().setStatus(world.accountOf(m), AccountStatus.FROZEN, "test", "test"));
        int count = 100 + random.nextInt(200);
        (random.nextBoolean() ? one : two).sellBulk(sales(m, sold, count));
        sold += count;
      }
      for (int m = 1; m <= 5; m++) {
        World.await(
            world.bindings().setStatus(world.accountOf(m), AccountStatus.ACTIVE, "test", "test"));
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
      }
    }
    allPosted(world, sold);

    assertThat(world.booked()).extracting(b -> b.endToEndId()).doesNotHaveDuplicates();
    assertThat(releasers(world)).as("nodes that released").isEqualTo(2);
    System.out.println("ReleaseIT: " + sold + " credits released by two nodes");
  }

  private static long releasers(World world) throws Exception {
    return world.queryLong(
        "SELECT count(DISTINCT owner) FROM credit_batch b WHERE EXISTS"
            + " (SELECT FROM credit_exception e WHERE e.to_batch = b.batch_id)");
  }

  @Test
  void a_bank_that_is_down_stops_releases_and_loses_nothing(World world) throws Exception {
    CrookedBank bank = world.crookedBank();
    Api api = world.startNode(1, bank.address());
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    api.sellBulk(sales(1, 0, 3_000));
    bank.treat(n -> n < 3 ? Manner.CUT_BEFORE_BOOKING : Manner.HONEST);

    setStatus(world, AccountStatus.ACTIVE);

    allPosted(world, 3_000);
  }

  private static List<String> sales(int merchant, int from, int count) {
    List<String> sales = new ArrayList<>();
    for (int stan = from; stan < from + count; stan++) {
      sales.add(Documents.saleJson(merchant, stan));
    }
    return sales;
  }

  private static String sellAtTerminalOfTwo(Api api, int stan) {
    var sale = Documents.sale(1, stan);
    sale.put("terminalId", "T0000002");
    JsonNode answer = api.sell(Documents.json(sale)).json();
    assertThat(answer.path("reason").asText()).isEqualTo("TERMINAL_MISMATCH");
    return answer.path("creditId").asText();
  }

  private static Api.Answer release(Api api, String credit, String body) {
    return api.post(
        "/v1/credits/" + credit + "/release",
        Role.OPERATOR,
        "application/json",
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static void setStatus(World world, AccountStatus status) throws Exception {
    World.await(world.bindings().setStatus(world.accountOf(1), status, "test", "test"));
  }

  private static void hold(World world, boolean on) throws Exception {
    world.execute(
        "SELECT begin_route_change('M000001', 'HOLD', 'test');"
            + " UPDATE merchant SET on_hold = "
            + on
            + " WHERE merchant_id = 'M000001'");
  }

  private static void bindSecondCard(World world) throws Exception {
    long second = world.addAccount(1, SECOND_CARD);
    world.bind("M000001", "", second);
  }

  private static void allPosted(World world, int credits) {
    Awaitility.await(credits + " credits are posted")
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> world.booked().size() >= credits);
    world.settle();
    assertThat(world.booked()).hasSize(credits);
  }

  private static void awaitDecided(World world) {
    Awaitility.await("every open departure was decided by the route as it is")
        .until(
            () ->
                world.queryLong(
                        "SELECT count(*) FROM credit_exception e JOIN merchant m USING (merchant_id)"
                            + " WHERE closed_at IS NULL AND decided_version < route_version")
                    == 0);
  }

  private static void awaitReason(Api api, String credit, String reason) {
    Awaitility.await(reason)
        .until(() -> credit(api, credit).path("reason").asText().equals(reason));
  }

  private static void awaitStatusOfAccount(World world, String status) {
    Awaitility.await("the account is " + status)
        .until(
            () -> world.queryText("SELECT status FROM account ORDER BY account_id").equals(status));
  }

  private static long attempts(World world) throws Exception {
    return world.queryLong("SELECT count(*) FROM credit_batch WHERE claim_no IS NOT NULL");
  }

  private static JsonNode credit(Api api, String id) {
    return api.get("/v1/credits/" + id, Role.AUDITOR).json();
  }

  private static List<String> facts(JsonNode credit) {
    return credit.path("history").findValuesAsText("fact");
  }
}
