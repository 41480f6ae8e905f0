package dev.settle.router.notification;

import static dev.settle.router.testing.SignedNotices.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BankControl;
import dev.settle.router.testing.CrookedBank;
import dev.settle.router.testing.CrookedBank.Manner;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.SignedNotices;
import dev.settle.router.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What banks report by themselves, in every order, and what becomes of the credit. */
@ExtendWith(InvariantsHold.class)
class NotificationIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

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

  private static String sell(Api api, int stan) {
    return api.sell(Documents.saleJson(1, stan)).json().path("creditId").asText();
  }

  private static JsonNode credit(Api api, String credit) {
    return api.get("/v1/credits/" + credit, Role.AUDITOR).json();
  }

  private static void awaitStatus(Api api, String credit, String status) {
    Awaitility.await(credit + " is " + status)
        .atMost(PATIENCE)
        .until(() -> credit(api, credit).path("status").asText().equals(status));
  }

  private static void awaitReason(Api api, String credit, String reason) {
    Awaitility.await(credit + " waits for " + reason)
        .atMost(PATIENCE)
        .until(() -> credit(api, credit).path("reason").asText().equals(reason));
  }

  private static String breaks(World world) throws Exception {
    return world.queryText(
        "SELECT coalesce(string_agg(kind || ' ' || owner || ' ' || source, ', ' ORDER BY kind), '')"
            + " FROM settlement_break");
  }

  /** A credit that the bank has accepted and, as far as it answers, never credits. */
  private static String accepted(World world, Api api, int stan) throws Exception {
    new BankControl(world.bankPort()).faults("{\"enquiryErrorRate\":1}");
    String credit = sell(api, stan);
    awaitReason(api, credit, "BANK_ACCEPTED");
    return credit;
  }

  private static long amount(int stan) {
    return (Long) Documents.sale(1, stan).get("amountMinor");
  }

  @Test
  void posted_counts_when_it_is_booked_and_once(World world) throws Exception {
    Api api = withCard(world, "0009");
    SignedNotices bank = new SignedNotices(api, world);
    String credit = accepted(world, api, 7);
    String id = credit + "-1";

    assertThat(bank.outcome(body("posted", id, amount(7), "PDNG", ""))).isEqualTo("200 KNOWN");
    assertThat(credit(api, credit).path("status").asText()).isEqualTo("SENT");
    assertThat(bank.outcome(body("posted", id, amount(7), "BOOK", ""))).isEqualTo("200 APPLIED");
    assertThat(credit(api, credit).path("status").asText()).isEqualTo("POSTED");
    assertThat(bank.outcome(body("posted", id, amount(7), "BOOK", ""))).isEqualTo("200 KNOWN");
    assertThat(breaks(world)).isEmpty();
    // The bank books it by itself, some seconds later.
    Awaitility.await("booked").atMost(PATIENCE).until(() -> world.booked().size() == 1);
  }

  @Test
  void the_same_sent_many_times_at_once_is_one(World world) throws Exception {
    Api api = withCard(world, "0009");
    SignedNotices bank = new SignedNotices(api, world);
    String credit = accepted(world, api, 7);
    String notice = body("posted", credit + "-1", amount(7), "BOOK", "");

    List<String> outcomes =
        IntStream.range(0, 16)
            .mapToObj(
                n ->
                    CompletableFuture.supplyAsync(
                        () -> bank.send("msg_same", notice).json().path("outcome").asText()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .sorted()
            .toList();

    List<String> expected = new ArrayList<>(List.of("APPLIED"));
    IntStream.range(1, 16).forEach(n -> expected.add("REPLAYED"));
    assertThat(outcomes).isEqualTo(expected);
    assertThat(world.queryLong("SELECT count(*) FROM rail_notification")).isEqualTo(1);
    assertThat(
            api.metric(
                "settlement_notifications_total{outcome=\"REPLAYED\",rail=\"sandbox\",type=\"posted\"}"))
        .isEqualTo(15);

    Api.Answer other = bank.send("msg_same", notice.replace("posted", "rejected"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().path("code").asText()).isEqualTo("notification-conflict");
    assertThat(breaks(world)).isEqualTo("CONTRADICTION OPERATIONS NOTIFICATION");
    assertThat(credit(api, credit).path("status").asText()).isEqualTo("POSTED");
    Awaitility.await("booked").atMost(PATIENCE).until(() -> world.booked().size() == 1);
  }

  @Test
  void a_notification_before_our_own_answer_is_not_undone_by_it(World world) throws Exception {
    CrookedBank crooked = world.crookedBank();
    crooked.treat(n -> Manner.HELD_BACK);
    Api api = world.startNode(1, crooked.address());
    world.onboard(api, 1);
    SignedNotices bank = new SignedNotices(api, world);
    String credit = sell(api, 7);
    Awaitility.await("booked").atMost(PATIENCE).until(() -> crooked.heldBack() == 1);

    assertThat(bank.outcome(body("posted", credit + "-1", amount(7), "BOOK", "")))
        .isEqualTo("200 APPLIED");
    assertThat(credit(api, credit).path("status").asText()).isEqualTo("POSTED");
    crooked.release();
    world.settle();

    assertThat(credit(api, credit).path("status").asText()).isEqualTo("POSTED");
    assertThat(breaks(world)).isEmpty();
  }

  @Test
  void a_return_before_the_confirmation_stays_a_return(World world) throws Exception {
    CrookedBank crooked = world.crookedBank();
    crooked.treat(n -> Manner.HELD_BACK);
    Api api = world.startNode(1, crooked.address());
    world.onboard(api, 1);
    SignedNotices bank = new SignedNotices(api, world);
    String credit = sell(api, 7);
    Awaitility.await("booked").atMost(PATIENCE).until(() -> crooked.heldBack() == 1);

    assertThat(bank.outcome(body("returned", credit + "-1", amount(7), "BOOK", "MS03")))
        .isEqualTo("200 APPLIED");
    crooked.release();
    world.settle();
    assertThat(credit(api, credit).path("status").asText()).isEqualTo("RETURNED");
    assertThat(bank.outcome(body("posted", credit + "-1", amount(7), "BOOK", "")))
        .isEqualTo("200 KNOWN");

    assertThat(credit(api, credit).path("status").asText()).isEqualTo("RETURNED");
    assertThat(breaks(world)).isEmpty();
  }

  @Test
  void money_that_comes_back_days_later_goes_to_a_newer_card_once_it_is_back(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    SignedNotices bank = new SignedNotices(api, world);
    String credit = sell(api, 7);
    awaitStatus(api, credit, "POSTED");
    world.execute(
        "UPDATE credit_batch SET claimed_at = claimed_at - interval '5 days',"
            + " settled_at = settled_at - interval '5 days'");
    String id = credit + "-1";

    assertThat(bank.outcome(body("returned", id, amount(7), "PDNG", "AC04")))
        .isEqualTo("200 APPLIED");
    assertThat(credit(api, credit).path("status").asText()).isEqualTo("RETURNED");
    assertThat(world.queryText("SELECT status FROM account")).isEqualTo("CLOSED");
    String change = Cards.changed(api, 1, Cards.card(1), "ACCOUNT_CLOSED");
    assertThat(change).isNotEmpty();
    assertThat(world.queryLong("SELECT count(*) FROM credit_exception WHERE movable")).isZero();

    assertThat(bank.outcome(body("returned", id, amount(7), "BOOK", "AC04")))
        .isEqualTo("200 APPLIED");
    awaitStatus(api, credit, "POSTED");
    assertThat(bank.outcome(body("returned", id, amount(7), "BOOK", "AC04")))
        .isEqualTo("200 KNOWN");
    assertThat(world.booked()).hasSize(2);
    assertThat(breaks(world)).isEmpty();
    assertThat(api.metric("settlement_returns_total{rail=\"sandbox\",reason=\"ACCOUNT_CLOSED\"}"))
        .isEqualTo(1);
  }

  @Test
  void a_part_then_the_whole(World world) throws Exception {
    Api api = withCard(world, "0009");
    SignedNotices bank = new SignedNotices(api, world);
    String credit = accepted(world, api, 7);
    String id = credit + "-1";

    assertThat(bank.outcome(body("partial", id, 100, "BOOK", ""))).isEqualTo("200 APPLIED");
    assertThat(credit(api, credit).path("postedMinor").asLong()).isEqualTo(100);
    assertThat(bank.outcome(body("posted", id, amount(7), "BOOK", ""))).isEqualTo("200 APPLIED");
    assertThat(bank.outcome(body("partial", id, 100, "BOOK", ""))).isEqualTo("200 KNOWN");

    assertThat(credit(api, credit).path("status").asText()).isEqualTo("POSTED");
    assertThat(breaks(world)).isEmpty();
    Awaitility.await("booked").atMost(PATIENCE).until(() -> world.booked().size() == 1);
  }

  @Test
  void a_part_then_more_of_it_then_all_of_that_back(World world) throws Exception {
    Api api = withCard(world, "0012");
    SignedNotices bank = new SignedNotices(api, world);
    String credit = sell(api, 7);
    awaitStatus(api, credit, "PARTIALLY_POSTED");
    String id = credit + "-1";

    assertThat(bank.outcome(body("partial", id, amount(7) / 2, "BOOK", ""))).isEqualTo("200 KNOWN");
    assertThat(credit(api, credit).path("postedMinor").asLong()).isEqualTo(amount(7) / 2);
    assertThat(bank.outcome(body("partial", id, amount(7) / 2 + 1, "BOOK", "")))
        .isEqualTo("200 APPLIED");
    assertThat(credit(api, credit).path("postedMinor").asLong()).isEqualTo(amount(7) / 2 + 1);
    assertThat(bank.outcome(body("returned", id, amount(7) / 2 + 1, "BOOK", "MS03")))
        .isEqualTo("200 APPLIED");
    assertThat(credit(api, credit).path("postedMinor").asLong()).isZero();
  }

  @Test
  void rejected_holds_the_account_and_the_money(World world) throws Exception {
    Api api = withCard(world, "0009");
    SignedNotices bank = new SignedNotices(api, world);
    String credit = accepted(world, api, 7);

    assertThat(bank.outcome(body("rejected", credit + "-1", amount(7), "BOOK", "AC06")))
        .isEqualTo("200 APPLIED");

    assertThat(credit(api, credit).path("reason").asText()).isEqualTo("ACCOUNT_FROZEN");
    assertThat(world.queryText("SELECT status FROM account")).isEqualTo("FROZEN");
    assertThat(api.sell(Documents.saleJson(1, 8)).json().path("reason").asText())
        .isEqualTo("ACCOUNT_FROZEN");
    assertThat(bank.outcome(body("posted", credit + "-1", amount(7), "BOOK", "")))
        .isEqualTo("200 BREAK");
    assertThat(breaks(world)).isEqualTo("LATE_SUCCESS OPERATIONS NOTIFICATION");
    Awaitility.await("booked").atMost(PATIENCE).until(() -> world.booked().size() == 1);
  }

  @Test
  void what_was_never_sent_or_does_not_fit_is_kept_for_a_person(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    SignedNotices bank = new SignedNotices(api, world);
    String credit = sell(api, 7);
    awaitStatus(api, credit, "POSTED");
    String id = credit + "-1";

    assertThat(bank.outcome(body("posted", "UNKNOWN-1", 5, "BOOK", ""))).isEqualTo("202 UNKNOWN");
    assertThat(bank.outcome(body("returned", credit + "-2", 5, "BOOK", "")))
        .isEqualTo("202 UNKNOWN");
    assertThat(bank.outcome(body("posted", id, amount(7) + 1, "BOOK", ""))).isEqualTo("200 BREAK");
    assertThat(bank.outcome(body("posted", id, 1, "BOOK", "").replace("CNY", "USD")))
        .isEqualTo("200 BREAK");
    assertThat(bank.outcome(body("rejected", id, amount(7), "BOOK", "AC01")))
        .isEqualTo("200 BREAK");

    assertThat(breaks(world))
        .isEqualTo(
            String.join(
                ", ",
                "AMOUNT_DIFFERENT OPERATIONS NOTIFICATION",
                "CONTRADICTION OPERATIONS NOTIFICATION",
                "UNKNOWN_TRANSFER OPERATIONS NOTIFICATION",
                "UNKNOWN_TRANSFER OPERATIONS NOTIFICATION"));
    assertThat(world.queryLong("SELECT count(*) FROM rail_notification")).isEqualTo(5);
    assertThat(api.metric("settlement_breaks_total{rail=\"sandbox\"}")).isEqualTo(5);
    assertThat(credit(api, credit).path("status").asText()).isEqualTo("POSTED");
  }

  @Test
  void what_the_database_does_not_confirm_the_bank_sends_again(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    SignedNotices bank = new SignedNotices(api, world);
    String credit = sell(api, 7);
    awaitStatus(api, credit, "POSTED");
    String notice = body("returned", credit + "-1", amount(7), "PDNG", "MS03");
    world.execute("ALTER TABLE rail_notification RENAME TO away");

    Api.Answer failed = bank.send("msg_1", notice);

    assertThat(failed.status()).isEqualTo(503);
    assertThat(failed.headers()).containsKey("retry-after");
    assertThat(credit(api, credit).path("status").asText()).isEqualTo("POSTED");
    world.execute("ALTER TABLE away RENAME TO rail_notification");
    assertThat(bank.send("msg_1", notice).json().path("outcome").asText()).isEqualTo("APPLIED");
  }

  @Test
  void the_sandbox_bank_is_heard(World world) throws Exception {
    Api api = withCard(world, "0010");
    new BankControl(world.bankPort())
        .notify(SignedNotices.address(api), SignedNotices.secretOf(world));
    String credit = sell(api, 7);

    awaitStatus(api, credit, "RETURNED");
    Awaitility.await("announced, then back")
        .atMost(PATIENCE)
        .until(() -> world.queryLong("SELECT count(*) FROM rail_notification") == 2);
    assertThat(world.queryText("SELECT string_agg(verdict, ' ') FROM rail_notification"))
        .isEqualTo("APPLIED APPLIED");
    assertThat(world.queryText("SELECT status FROM account")).isEqualTo("CLOSED");
  }
}
