package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.app.Node;
import dev.settle.router.app.NodeSurgery;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Enquiry;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.RailGate;
import dev.settle.router.rail.SendBy;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BankControl;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import dev.settle.sandbox.net.FreePort;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a bank says other than yes, and what becomes of the credit. */
@ExtendWith(InvariantsHold.class)
class BankBehaviourIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static RailCapabilities capabilities(
      boolean executesOnce, boolean onePerAccount, Duration spacing) {
    RailCapabilities usual = SandboxConnector.CAPABILITIES;
    return new RailCapabilities(
        usual.bulkSize(),
        usual.enquiryBulk(),
        executesOnce,
        Duration.ofSeconds(2),
        onePerAccount,
        spacing,
        usual.normalTime(),
        true,
        usual.currencies(),
        usual.banks(),
        usual.largestMinor(),
        null);
  }

  private static Node.RailsOf railWith(RailCapabilities capabilities) {
    return (vertx, settings, metrics) ->
        List.of(
            new SandboxConnector(
                SandboxConnector.NAME,
                capabilities,
                vertx,
                settings.sandboxRail(),
                metrics,
                Duration.ofSeconds(5)));
  }

  private static Api withCard(World world, String ending) throws Exception {
    Api api = world.startNode(1);
    assertThat(
            api.onboardBulk(Documents.merchant(1, "622202100000001" + ending) + "\n")
                .get(0)
                .path("outcome")
                .asText())
        .isEqualTo("ONBOARDED");
    return api;
  }

  private static String sell(Api api, int merchant, int stan) {
    return api.sell(Documents.saleJson(merchant, stan)).json().path("creditId").asText();
  }

  private static void awaitStatus(Api api, String credit, String status) {
    Awaitility.await(credit + " is " + status)
        .atMost(PATIENCE)
        .until(() -> credit(api, credit).path("status").asText().equals(status));
  }

  private static JsonNode credit(Api api, String credit) {
    return api.get("/v1/credits/" + credit, Role.AUDITOR).json();
  }

  private static List<String> facts(JsonNode credit) {
    List<String> facts = new ArrayList<>();
    credit.path("history").forEach(fact -> facts.add(fact.path("fact").asText()));
    return facts;
  }

  @Test
  void what_the_bank_accepts_is_not_posted_before_it_is_credited(World world) throws Exception {
    Api api = withCard(world, "0009");
    String credit = sell(api, 1, 1);

    awaitStatus(api, credit, "SENT");
    Awaitility.await("accepted")
        .atMost(PATIENCE)
        .until(() -> credit(api, credit).path("reason").asText().equals("BANK_ACCEPTED"));
    JsonNode accepted = credit(api, credit);
    assertThat(accepted.path("postedMinor").asLong()).isZero();
    assertThat(accepted.path("explanation").path("whoActs").asText()).isEqualTo("RAIL");
    awaitStatus(api, credit, "POSTED");
    assertThat(facts(credit(api, credit)))
        .containsExactly("RECORDED", "SENT", "ACCEPTED_BY_BANK", "POSTED");
  }

  @Test
  void what_is_not_credited_in_the_rails_normal_time_is_counted_by_itself(World world)
      throws Exception {
    Api api = withCard(world, "0009");
    BankControl bank = new BankControl(world.bankPort());
    bank.faults("{\"enquiryErrorRate\":1}");
    String credit = sell(api, 1, 1);
    Awaitility.await("accepted")
        .atMost(PATIENCE)
        .until(() -> credit(api, credit).path("reason").asText().equals("BANK_ACCEPTED"));
    assertThat(credit(api, credit).path("explanation").path("expectedBy").isNull()).isFalse();

    world.execute(
        "UPDATE credit_exception SET opened_at = opened_at - interval '1 day' WHERE kind = 'PENDING'");

    Awaitility.await("overdue")
        .atMost(PATIENCE)
        .until(() -> api.metric("settlement_overdue_credits{rail=\"sandbox\"}") == 1);
    bank.faults("{}");
    awaitStatus(api, credit, "POSTED");
  }

  @Test
  void what_cannot_be_asked_while_a_rail_is_probed_is_not_put_off(World world) throws Exception {
    Api api = withCard(world, "0009");
    BankControl bank = new BankControl(world.bankPort());
    bank.faults("{\"enquiryErrorRate\":1}");
    String credit = sell(api, 1, 1);
    Awaitility.await("accepted")
        .atMost(PATIENCE)
        .until(() -> credit(api, credit).path("reason").asText().equals("BANK_ACCEPTED"));
    RailGate gate = NodeSurgery.gate(world.node(0), SandboxConnector.NAME);
    while (!gate.isOut()) {
      gate.failed(0, new IOException("the test says that the bank is out"));
    }
    Awaitility.await("half open").atMost(PATIENCE).until(() -> !gate.isOut());
    for (int probes = 0; probes < Limits.BREAKER_PROBES; probes++) {
      Awaitility.await("a probe is on its way").atMost(PATIENCE).until(gate::tryEnter);
    }
    bank.faults("{}");
    world.execute("UPDATE credit_exception SET next_at = now()");

    TimeUnit.MILLISECONDS.sleep(3 * Limits.ENQUIRE_EVERY.toMillis());

    assertThat(world.queryLong("SELECT count(*) FROM credit_exception WHERE next_at <= now()"))
        .isEqualTo(1);
    for (int probes = 0; probes < Limits.BREAKER_PROBES; probes++) {
      gate.answered(0);
    }
    awaitStatus(api, credit, "POSTED");
  }

  @Test
  void a_part_counts_as_posted_and_the_rest_waits_for_a_person(World world) throws Exception {
    Api api = withCard(world, "0012");
    String credit = sell(api, 1, 7);

    awaitStatus(api, credit, "PARTIALLY_POSTED");

    JsonNode partly = credit(api, credit);
    long amount = partly.path("amountMinor").asLong();
    assertThat(partly.path("postedMinor").asLong()).isEqualTo(amount / 2);
    assertThat(partly.path("reason").asText()).isEqualTo("PARTLY_CREDITED");
    assertThat(partly.path("explanation").path("whoActs").asText()).isEqualTo("OPERATIONS");
    assertThat(world.queryLong("SELECT sum(amount_minor)::bigint FROM unposted"))
        .isEqualTo(amount - amount / 2);
  }

  @Test
  void what_the_bank_never_received_goes_on_under_a_new_id_and_a_late_success_is_an_incident(
      World world) throws Exception {
    world.rails(railWith(capabilities(false, false, Duration.ZERO)));
    BankControl bank = new BankControl(world.bankPort());
    Api api = world.startNode(1);
    world.onboard(api, 1);
    bank.faults("{\"dropBeforeBookingRate\":1}");
    String credit = sell(api, 1, 1);
    awaitStatus(api, credit, "IN_DOUBT");
    bank.faults("{}");

    awaitStatus(api, credit, "POSTED");
    JsonNode posted = credit(api, credit);
    assertThat(facts(posted))
        .containsExactly("RECORDED", "SENT", "REJECTED", "RELEASED", "SENT", "POSTED");
    assertThat(posted.path("history").path(2).path("reason").asText()).isEqualTo("NOT_RECEIVED");
    assertThat(posted.path("history").path(4).path("endToEndId").asText()).isEqualTo(credit + "-2");

    String verdict =
        world.queryText(
            "SELECT verdict FROM bank_says('sandbox', 'test', 'NOTIFICATION', ARRAY['"
                + credit
                + "-1'], ARRAY[(SELECT credit_id FROM credit)], ARRAY[1], ARRAY['CREDITED'],"
                + " ARRAY[NULL]::bigint[], ARRAY[NULL]::bigint[], ARRAY['PARTLY_CREDITED'], ARRAY[NULL]::text[], ARRAY[false],"
                + " ARRAY[NULL]::integer[], ARRAY[0], ARRAY[0])");
    assertThat(verdict).isEqualTo("BREAK");
    assertThat(world.queryText("SELECT kind || ' ' || owner FROM settlement_break"))
        .isEqualTo("LATE_SUCCESS OPERATIONS");
    assertThat(credit(api, credit).path("postedMinor")).isEqualTo(posted.path("amountMinor"));
  }

  @Test
  void a_doubt_that_lasts_is_a_persons_move_and_is_enquired_all_the_same(World world)
      throws Exception {
    BankControl bank = new BankControl(world.bankPort());
    Api api = world.startNode(1);
    world.onboard(api, 1);
    bank.faults("{\"dropAfterBookingRate\":1,\"enquiryErrorRate\":1}");
    String credit = sell(api, 1, 1);
    awaitStatus(api, credit, "IN_DOUBT");

    world.execute("UPDATE credit_batch SET claimed_at = claimed_at - interval '1 day'");

    Awaitility.await("a person's move")
        .atMost(PATIENCE)
        .until(() -> credit(api, credit).path("reason").asText().equals("DOUBT_UNRESOLVED"));
    assertThat(credit(api, credit).path("explanation").path("whoActs").asText())
        .isEqualTo("OPERATIONS");
    bank.faults("{}");
    awaitStatus(api, credit, "POSTED");
    assertThat(world.booked()).hasSize(1);
  }

  /** A bank that does not answer for one transfer, whatever else it is asked at once. */
  private static final class ForgetfulBank implements Rail {
    private final Rail bank;
    private final Set<String> forgotten;

    ForgetfulBank(Rail bank, Set<String> forgotten) {
      this.bank = bank;
      this.forgotten = forgotten;
    }

    @Override
    public String name() {
      return bank.name();
    }

    @Override
    public RailCapabilities capabilities() {
      return bank.capabilities();
    }

    @Override
    public Future<List<TransferOutcome>> send(List<Transfer> transfers, SendBy by) {
      return bank.send(transfers, by);
    }

    @Override
    public Future<List<TransferOutcome>> enquire(List<Enquiry> transfers) {
      return transfers.stream().map(Enquiry::endToEndId).anyMatch(forgotten::contains)
          ? Future.<List<TransferOutcome>>future(never -> {}).timeout(2, TimeUnit.SECONDS)
          : bank.enquire(transfers);
    }
  }

  @Test
  void a_transfer_that_the_bank_cannot_be_asked_about_keeps_no_other_in_doubt(World world)
      throws Exception {
    Set<String> forgotten = ConcurrentHashMap.newKeySet();
    Node.RailsOf usual = railWith(capabilities(true, false, Duration.ZERO));
    world.rails(
        (vertx, settings, metrics) ->
            List.of(new ForgetfulBank(usual.make(vertx, settings, metrics).get(0), forgotten)));
    BankControl bank = new BankControl(world.bankPort());
    Api api = world.startNode(1);
    world.onboard(api, 20);
    bank.faults("{\"dropAfterBookingRate\":1}");
    List<String> credits =
        api
            .sellBulk(IntStream.rangeClosed(1, 20).mapToObj(m -> Documents.saleJson(m, 1)).toList())
            .stream()
            .map(line -> line.path("creditId").asText())
            .toList();
    forgotten.add(credits.get(7) + "-1");
    awaitStatus(api, credits.get(7), "IN_DOUBT");
    bank.faults("{}");

    // Others are answered meanwhile: so it is not the rail.
    AtomicBoolean over = new AtomicBoolean();
    Thread others =
        new Thread(
            () -> {
              for (int stan = 2; !over.get(); stan++) {
                sell(api, 1 + stan % 20, stan);
              }
            });
    others.start();
    for (String credit : credits) {
      if (!credit.equals(credits.get(7))) {
        awaitStatus(api, credit, "POSTED");
      }
    }
    over.set(true);
    others.join();
    awaitStatus(api, credits.get(7), "IN_DOUBT");
    assertThat(api.metric("settlement_rail_breaker_state{rail=\"sandbox\"}")).isZero();
    forgotten.clear();
    awaitStatus(api, credits.get(7), "POSTED");
    world.settle();
  }

  @Test
  void credits_of_one_account_go_as_one_transfer_and_never_two_in_the_same_second(World world)
      throws Exception {
    Duration spacing = Duration.ofSeconds(1);
    world.rails(railWith(capabilities(true, true, spacing)));
    Api api = world.startNode(1);
    world.onboard(api, 2);
    List<String> sales = new ArrayList<>();
    for (int stan = 0; stan < 60; stan++) {
      sales.add(Documents.saleJson(1 + stan % 2, stan));
      if (stan % 10 == 9) {
        api.sellBulk(sales);
        sales.clear();
      }
    }
    String last = sell(api, 1, 1_000);

    awaitStatus(api, last, "POSTED");
    world.settle();
    assertThat(world.booked().size()).isLessThan(20);
    assertThat(world.verify().posted().credits()).isEqualTo(61);
    List<Long> gaps = world.gapsBetweenBookings();
    assertThat(gaps).isNotEmpty().allMatch(millis -> millis >= spacing.toMillis() - 50);
  }

  @Test
  void what_comes_faster_than_an_account_may_be_paid_gathers_and_does_not_fall_behind(World world)
      throws Exception {
    world.rails(railWith(capabilities(true, true, Duration.ofSeconds(1))));
    Api api = world.startNode(1);
    world.onboard(api, 1);
    for (int stan = 0; stan < 150; stan++) {
      sell(api, 1, stan);
      Thread.sleep(40);
    }

    world.settle();
    assertThat(world.verify().posted().credits()).isEqualTo(150);
    // What waits gathers, and is put off once for a turn of its account at most, not for every
    // sale.
    int turns = world.booked().size();
    assertThat(turns).isLessThan(50);
    assertThat(world.queryLong("SELECT max(attempt) FROM credit_exception"))
        .isLessThanOrEqualTo(turns);
    assertThat(world.gapsBetweenBookings()).allMatch(millis -> millis >= 900);
  }

  @Test
  void while_a_rail_is_out_its_credits_go_over_another(World world) throws Exception {
    int nobody = FreePort.any();
    world.rails(
        (vertx, settings, metrics) ->
            List.of(
                new SandboxConnector(
                    "first",
                    capabilities(true, false, Duration.ZERO),
                    vertx,
                    URI.create("http://127.0.0.1:" + nobody),
                    metrics,
                    Duration.ofSeconds(2)),
                new SandboxConnector(
                    "second",
                    capabilities(true, false, Duration.ZERO),
                    vertx,
                    settings.sandboxRail(),
                    metrics,
                    Duration.ofSeconds(2))));
    Api api = world.startNode(1);
    world.onboard(api, 5);
    for (int stan = 0; stan < 60; stan++) {
      sell(api, 1 + stan % 5, stan);
    }

    Awaitility.await("what was not tried over the first is posted over the second")
        .atMost(PATIENCE)
        .until(
            () ->
                world.queryLong("SELECT count(*) FROM credit_batch WHERE state = 'RECORDED'") == 0);
    assertThat(world.booked().size()).isBetween(30, 60);
    // What was tried there is in doubt; nobody sends that over another rail.
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM credit_standing WHERE rail = 'first' AND status <> 'IN_DOUBT'"))
        .isZero();
  }

  @Test
  void an_account_that_the_bank_is_slow_with_delays_nobody_else(World world) throws Exception {
    world.rails(railWith(capabilities(true, false, Duration.ZERO)));
    BankControl bank = new BankControl(world.bankPort());
    Api api = world.startNode(1);
    world.onboard(api, 20);
    bank.faults("{\"slowAccount\":\"" + Documents.cardOf(1) + "\",\"slowMs\":60000}");
    String others = " FROM %s WHERE merchant_id <> (SELECT min(merchant_id) FROM credit) ";
    String posted =
        "SELECT count(*)" + others.formatted("credit_standing") + "AND status = 'POSTED'";
    String suspected =
        "SELECT count(*)"
            + others.formatted("credit_exception")
            + "AND reason = 'ACCOUNT_UNHEALTHY'";
    String slow = sell(api, 1, 1);
    everybodySells(api, 0);
    Awaitility.await("the others are posted")
        .atMost(PATIENCE)
        .until(() -> world.queryLong(posted) == 19 * 40);
    // The bank, when it is asked, says at once what became of them.
    Awaitility.await("the slow one is posted")
        .atMost(PATIENCE)
        .until(() -> world.queryLong("SELECT count(*) FROM unposted") == 0);

    long neighbours = world.queryLong(suspected);
    everybodySells(api, 40);
    Awaitility.await("the others are posted")
        .atMost(PATIENCE)
        .until(() -> world.queryLong(posted) == 2 * 19 * 40);

    assertThat(world.queryLong(suspected))
        .as("sent apart for their neighbour's sake")
        .isEqualTo(neighbours);
    bank.faults("{}");
    awaitStatus(api, slow, "POSTED");
    world.settle();
    assertThat(world.booked()).hasSize(1601);
  }

  private static void everybodySells(Api api, int from) {
    for (int round = from; round < from + 40; round++) {
      for (int merchant = 1; merchant <= 20; merchant++) {
        sell(api, merchant, 100 * merchant + round);
      }
    }
  }
}
