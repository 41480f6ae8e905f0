package dev.settle.router.exceptions;

import static dev.settle.router.exceptions.Exceptions.byReason;
import static dev.settle.router.exceptions.Exceptions.of;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.events.EventHub;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BankControl;
import dev.settle.router.testing.CrookedBank;
import dev.settle.router.testing.CrookedBank.Manner;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** What operators order of exceptions is done, once, and stands in the history of each credit. */
@ExtendWith(InvariantsHold.class)
class ExceptionOrdersIT {

  private static final String SECOND_CARD = "6222029000000019001";

  @Test
  void what_a_bank_refused_is_sent_again_at_once_by_order_which_says_who_and_why(World world)
      throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 2);
    List<String> refused = refused(world, api, 30);
    JsonNode preview = operator.preview(of("RELEASE", byReason("UNSPECIFIED")));
    assertThat(preview.path("count").asInt()).isEqualTo(30);
    assertThat(preview.path("amountMinor").path("CNY").asLong()).isEqualTo(openMinor(world));
    assertThat(preview.path("skipped")).isEmpty();
    JsonNode listed = operator.list("?reason=UNSPECIFIED&limit=1").path("exceptions").get(0);
    assertThat(listed.path("rail").asText()).isEqualTo("sandbox");
    assertThat(listed.path("account").path("last4").asText()).hasSize(4);
    assertThat(listed.path("actions").toString())
        .isEqualTo("[\"RELEASE\",\"HOLD\",\"REROUTE\",\"HAND_OVER\"]");

    JsonNode order = operator.carryOut(of("RELEASE", byReason("UNSPECIFIED")));

    assertThat(order.path("state").asText()).isEqualTo("DONE");
    assertThat(order.path("changed").asInt()).isEqualTo(30);
    assertThat(order.path("changedMinor")).isEqualTo(preview.path("amountMinor"));
    assertThat(order.path("failed")).isEmpty();
    assertThat(order.path("orderedBy").asText()).isEqualTo("operator-1");
    posted(world, 30);
    String id = refused.get(7);
    assertThat(operator.facts(id))
        .containsExactly(
            "RECORDED", "SENT", "REJECTED", "RELEASE_ORDERED", "RELEASED", "SENT", "POSTED");
    JsonNode ordered = operator.credit(id).path("history").get(3);
    assertThat(ordered.path("by").asText()).isEqualTo("operator-1");
    assertThat(ordered.path("note").asText()).isEqualTo("ticket 4711");
    assertThat(ordered.path("orderId").asText()).isEqualTo(order.path("orderId").asText());
    assertThat(operator.credit(id).path("history").get(4).path("cause").asText())
        .isEqualTo("RELEASE_ORDER");
  }

  @Test
  void what_an_operator_holds_stays_whatever_its_route_becomes_until_one_releases_it(World world)
      throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    List<String> credits = ids(api.sellBulk(sales(1, 0, 30)));
    List<String> held = credits.subList(0, 10);

    assertThat(operator.carryOut(of("HOLD", held)).path("changed").asInt()).isEqualTo(10);
    setStatus(world, AccountStatus.ACTIVE);
    posted(world, 20);
    setStatus(world, AccountStatus.FROZEN);
    setStatus(world, AccountStatus.ACTIVE);
    world.bind("M000001", "", world.addAccount(1, SECOND_CARD));
    TimeUnit.SECONDS.sleep(3);

    assertThat(world.booked()).hasSize(20);
    JsonNode one = operator.credit(held.get(0));
    assertThat(one.path("status").asText()).isEqualTo("HELD");
    assertThat(one.path("reason").asText()).isEqualTo("OPERATOR_HOLD");
    assertThat(one.path("explanation").path("whoActs").asText()).isEqualTo("OPERATIONS");
    assertThat(one.path("explanation").path("zh").asText()).contains("运营人员");
    // Sent again, it is answered as it was the first time.
    assertThat(api.sell(Documents.saleJson(1, 0)).json().path("reason").asText())
        .isEqualTo("ACCOUNT_FROZEN");

    JsonNode released = operator.carryOut(of("RELEASE", byReason("OPERATOR_HOLD")));

    assertThat(released.path("changed").asInt()).isEqualTo(10);
    posted(world, 30);
    assertThat(operator.credit(held.get(0)).path("account").path("last4").asText())
        .as("the card that is current")
        .isEqualTo("9001");
    assertThat(operator.facts(held.get(0)))
        .containsExactly(
            "RECORDED",
            "HELD",
            "HOLD_ORDERED",
            "REASON_CHANGED",
            "RELEASE_ORDERED",
            "REASON_CHANGED",
            "RELEASED",
            "SENT",
            "POSTED");
    assertThat(operator.credit(held.get(0)).path("history").findValuesAsText("reason"))
        .containsExactly("ACCOUNT_FROZEN", "OPERATOR_HOLD", "ACCOUNT_FROZEN");
  }

  @Test
  void the_end_of_a_hold_is_no_more_than_that(World world) throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    String id = ids(api.sellBulk(sales(1, 0, 1))).get(0);
    operator.carryOut(of("HOLD", List.of(id)));

    JsonNode released = operator.carryOut(of("RELEASE", List.of(id)));

    assertThat(released.path("changed").asInt()).isZero();
    assertThat(released.path("failed").get(0).path("why").asText()).isEqualTo("ACCOUNT_FROZEN");
    assertThat(operator.credit(id).path("reason").asText()).isEqualTo("ACCOUNT_FROZEN");
    assertThat(operator.credit(id).path("history").get(4).path("outcome").asText())
        .isEqualTo("ACCOUNT_FROZEN");
    setStatus(world, AccountStatus.ACTIVE);
    posted(world, 1);
  }

  @Test
  void a_terminal_of_somebody_else_is_paid_by_a_bulk_order_too(World world) throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 2);
    for (int stan = 0; stan < 5; stan++) {
      var sale = Documents.sale(1, stan);
      sale.put("terminalId", "T0000002");
      api.sell(Documents.json(sale));
    }

    operator.carryOut(of("RELEASE", byReason("TERMINAL_MISMATCH")));

    posted(world, 5);
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM credit_release_order WHERE ordered_by = 'operator-1'"))
        .isEqualTo(5);
  }

  @Test
  void a_reroute_takes_another_way_or_none(World world) throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 2);
    refused(world, api, 4);
    JsonNode none = operator.carryOut(of("REROUTE", byReason("UNSPECIFIED")));
    assertThat(none.path("changed").asInt()).isZero();
    assertThat(none.path("failed").get(0).path("why").asText()).isEqualTo("NO_OTHER_WAY");
    assertThat(none.path("failed").get(0).path("count").asInt()).isEqualTo(4);
    assertThat(world.booked()).isEmpty();

    // With an operator's hold nothing goes to the new card by itself.
    operator.carryOut(of("HOLD", byReason("UNSPECIFIED")));
    world.bind("M000001", "", world.addAccount(1, SECOND_CARD));
    operator.carryOut(of("RELEASE", byReason("OPERATOR_HOLD")));

    posted(world, 2);
    assertThat(world.booked()).extracting(b -> b.account()).containsOnly(SECOND_CARD);
  }

  @Test
  void what_is_at_the_bank_is_never_touched_and_is_counted(World world) throws Exception {
    CrookedBank bank = world.crookedBank();
    Api api = world.startNode(1, bank.address());
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 1);
    bank.treat(n -> Manner.HELD_BACK);
    String sent = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    Awaitility.await("it is at the bank").until(() -> bank.heldBack() > 0);
    for (String action : List.of("RELEASE", "HOLD", "REROUTE", "HAND_OVER")) {
      JsonNode preview = operator.preview(of(action, List.of(sent, "C00000000000VV")));
      assertThat(preview.path("count").asInt()).as(action).isZero();
      assertThat(preview.path("skipped").findValuesAsText("why"))
          .as(action)
          .containsAnyOf("SENT", "IN_DOUBT")
          .contains("UNKNOWN");
      Api.Answer refused = operator.order(operator.ordering(of(action, List.of(sent))));
      assertThat(refused.status()).as(action).isEqualTo(409);
      assertThat(refused.json().path("code").asText()).isEqualTo("exceptions-not-actionable");
    }
    bank.treat(n -> Manner.HONEST);
    bank.release();
    posted(world, 1);
    assertThat(world.queryLong("SELECT count(*) FROM exception_order")).isZero();
    assertThat(
            operator.preview(of("HOLD", List.of(sent))).path("skipped").get(0).path("why").asText())
        .isEqualTo("POSTED");
  }

  @Test
  void what_was_handed_over_is_found_by_who_has_it_and_nothing_moves(World world) throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    List<String> credits = ids(api.sellBulk(sales(1, 0, 5)));

    operator.carryOut(of("HAND_OVER", credits.subList(0, 2)));

    JsonNode hers = operator.list("?assignee=olga").path("exceptions");
    assertThat(hers.findValuesAsText("creditId")).containsExactlyElementsOf(credits.subList(0, 2));
    assertThat(operator.facts(credits.get(0))).containsExactly("RECORDED", "HELD", "HANDED_OVER");
    assertThat(operator.credit(credits.get(0)).path("history").get(2).path("assignee").asText())
        .isEqualTo("olga");
    setStatus(world, AccountStatus.ACTIVE);
    posted(world, 5);
    assertThat(operator.list("?assignee=olga").path("exceptions")).isEmpty();
  }

  @Test
  void an_order_whose_preview_does_not_hold_any_more_is_refused_and_changes_nothing(World world)
      throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    List<String> credits = ids(api.sellBulk(sales(1, 0, 5)));
    JsonObject ordering = operator.ordering(of("HOLD", byReason("ACCOUNT_FROZEN")));
    // What comes after the preview is not part of it.
    api.sellBulk(sales(1, 5, 5));
    JsonObject otherAmount = ordering.copy();
    otherAmount.getJsonObject("expected").getJsonObject("amountMinor").put("CNY", 1);
    JsonObject otherCurrency = ordering.copy();
    otherCurrency.getJsonObject("expected").getJsonObject("amountMinor").put("EUR", 1);
    JsonObject otherCount = ordering.copy();
    otherCount.getJsonObject("expected").put("count", 4);
    for (JsonObject changed : List.of(otherAmount, otherCurrency, otherCount)) {
      Api.Answer answer = operator.order(changed);
      assertThat(answer.status()).as(answer.body()).isEqualTo(409);
      assertThat(answer.json().path("code").asText()).isEqualTo("exceptions-changed");
    }
    assertThat(world.queryLong("SELECT count(*) FROM exception_order_item")).isZero();

    Api.Answer answer = operator.order(ordering);

    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    operator.done(ordering.getString("orderId"));
    assertThat(
            operator.list("?reason=OPERATOR_HOLD").path("exceptions").findValuesAsText("creditId"))
        .containsExactlyElementsOf(credits);
    JsonObject stale = operator.ordering(of("RELEASE", byReason("OPERATOR_HOLD")));
    operator.carryOut(of("RELEASE", credits.subList(0, 1)));
    assertThat(operator.order(stale).json().path("code").asText()).isEqualTo("exceptions-changed");
  }

  @Test
  void the_same_order_again_is_a_replay_and_acts_once(World world) throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    api.sellBulk(sales(1, 0, 40));
    JsonObject ordering = operator.ordering(of("HOLD", byReason("ACCOUNT_FROZEN")));
    List<CompletableFuture<Api.Answer>> sent = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      sent.add(CompletableFuture.supplyAsync(() -> operator.order(ordering)));
    }
    List<Integer> statuses = new ArrayList<>();
    for (CompletableFuture<Api.Answer> one : sent) {
      statuses.add(one.get(30, TimeUnit.SECONDS).status());
    }
    assertThat(statuses).containsExactlyInAnyOrder(202, 200, 200, 200, 200);
    operator.done(ordering.getString("orderId"));
    assertThat(operator.order(ordering).json().path("changed").asInt()).isEqualTo(40);
    assertThat(world.queryLong("SELECT count(*) FROM exception_order_item")).isEqualTo(40);
    assertThat(world.queryLong("SELECT count(*) FROM credit_hold_reason")).isEqualTo(40);

    Api.Answer other = operator.order(ordering.copy().put("reason", "another"));
    assertThat(other.json().path("code").asText()).isEqualTo("exception-order-conflict");
    Api.Answer somebody = new Exceptions(api.as("oscar")).order(ordering);
    assertThat(somebody.status()).isEqualTo(409);
  }

  @Test
  void a_stopped_order_leaves_the_rest_as_it_is(World world) throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    api.sellBulk(sales(1, 0, 20));
    String id;
    try (Connection somebody = world.connect();
        Statement lock = somebody.createStatement()) {
      somebody.setAutoCommit(false);
      // Half of them are in somebody's hands: the order does the others, and waits for these.
      lock.execute(
          "SELECT FROM credit_exception WHERE credit_id IN"
              + " (SELECT credit_id FROM credit_exception ORDER BY credit_id LIMIT 10) FOR UPDATE");
      id =
          operator
              .order(operator.ordering(of("HOLD", byReason("ACCOUNT_FROZEN"))))
              .json()
              .path("orderId")
              .asText();
      Awaitility.await("half is done").until(() -> operator.get(id).path("done").asInt() == 10);
      assertThat(operator.get(id).path("state").asText()).isEqualTo("RUNNING");
      Api.Answer stopped = operator.post("/orders/" + id + "/stop", new JsonObject());
      assertThat(stopped.json().path("state").asText()).isEqualTo("STOPPED");
      assertThat(stopped.json().path("stoppedBy").asText()).isEqualTo("operator-1");
    }
    TimeUnit.SECONDS.sleep(1);
    assertThat(operator.get(id).path("done").asInt()).isEqualTo(10);
    assertThat(operator.list("?reason=ACCOUNT_FROZEN").path("exceptions")).hasSize(10);
    assertThat(operator.post("/orders/" + UUID.randomUUID() + "/stop", new JsonObject()).status())
        .isEqualTo(404);
  }

  @Test
  void progress_is_notified_at_its_begin_and_end_and_seldom_between(World world) throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    for (int from = 0; from < 3_000; from += 1_000) {
      api.sellBulk(sales(1, from, 1_000));
    }
    try (Connection listener = world.connect();
        Statement listen = listener.createStatement()) {
      listen.execute("LISTEN " + EventHub.CHANNEL);
      long begun = System.nanoTime();
      JsonNode order = operator.carryOut(of("HOLD", byReason("ACCOUNT_FROZEN")));
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
      List<JsonNode> told = new ArrayList<>();
      PGNotification[] notifications = listener.unwrap(PGConnection.class).getNotifications(2_000);
      for (PGNotification one : notifications) {
        JsonNode event = Api.parse(one.getParameter());
        if (event.path("topic").asText().equals("exception-order")) {
          told.add(event);
        }
      }
      assertThat(told.size()).isBetween(2, 3 + (int) seconds);
      JsonNode first = told.get(0);
      assertThat(first.path("orderId")).isEqualTo(order.path("orderId"));
      assertThat(first.path("state").asText()).isEqualTo("RUNNING");
      assertThat(first.path("total").asInt()).isEqualTo(3_000);
      JsonNode last = told.get(told.size() - 1);
      assertThat(last.path("state").asText()).isEqualTo("DONE");
      assertThat(last.path("done").asInt()).isEqualTo(3_000);
    }
  }

  @Test
  void an_order_that_fails_at_every_step_stops_and_holds_up_no_other(World world) throws Exception {
    Api api = world.startNode();
    Exceptions operator = new Exceptions(api);
    world.onboard(api, 1);
    setStatus(world, AccountStatus.FROZEN);
    List<String> credits = ids(api.sellBulk(sales(1, 0, 4)));
    // Whoever hands over meets a fault.
    world.execute(
        "ALTER TABLE exception_assignment ADD CONSTRAINT fault CHECK (assignee <> 'olga')");
    Api.Answer faulty = operator.order(operator.ordering(of("HAND_OVER", credits.subList(0, 2))));

    assertThat(operator.carryOut(of("HOLD", credits.subList(2, 4))).path("changed").asInt())
        .isEqualTo(2);

    JsonNode stopped = operator.done(faulty.json().path("orderId").asText());
    assertThat(stopped.path("state").asText()).isEqualTo("STOPPED");
    assertThat(stopped.path("done").asInt()).isZero();
    assertThat(stopped.path("stoppedBy").isNull()).isTrue();
  }

  /** Sales that the bank refused without a reason. */
  private static List<String> refused(World world, Api api, int count) throws Exception {
    BankControl bank = new BankControl(world.bankPort());
    bank.faults("{\"rejectRate\":1.0}");
    List<String> sales = sales(1, 0, count / 2);
    sales.addAll(sales(2, count / 2, count - count / 2));
    List<String> ids = ids(api.sellBulk(sales));
    Awaitility.await("the bank has refused them")
        .until(
            () ->
                world.queryLong(
                        "SELECT count(*) FROM credit_exception WHERE kind = 'REJECTED' AND closed_at IS NULL")
                    == count);
    bank.faults("{}");
    return ids;
  }

  private static long openMinor(World world) throws Exception {
    return world.queryLong(
        "SELECT sum(amount_minor) FROM credit_exception WHERE closed_at IS NULL");
  }

  static List<String> ids(List<JsonNode> answers) {
    return answers.stream().map(answer -> answer.path("creditId").asText()).toList();
  }

  static List<String> sales(int merchant, int from, int count) {
    List<String> sales = new ArrayList<>();
    for (int stan = from; stan < from + count; stan++) {
      sales.add(Documents.saleJson(merchant, stan));
    }
    return sales;
  }

  private static void setStatus(World world, AccountStatus status) throws Exception {
    World.await(world.bindings().setStatus(world.accountOf(1), status, "test", "test"));
  }

  private static void posted(World world, int credits) {
    Awaitility.await(credits + " credits are posted")
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> world.booked().size() >= credits);
    world.settle();
    assertThat(world.booked()).hasSize(credits);
  }
}
