package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.Applications.approve;
import static dev.settle.router.cardchange.Applications.awaitState;
import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.cardEndingIn;
import static dev.settle.router.cardchange.Applications.changed;
import static dev.settle.router.cardchange.Applications.get;
import static dev.settle.router.cardchange.Applications.profile;
import static dev.settle.router.cardchange.Applications.reject;
import static dev.settle.router.cardchange.Applications.submit;
import static dev.settle.router.cardchange.Applications.submitted;
import static dev.settle.router.cardchange.Applications.verified;
import static dev.settle.router.cardchange.Applications.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A card change from application to effect, over HTTP. */
@ExtendWith(InvariantsHold.class)
class CardChangeIT {

  private static final CardChangeSettings DEFAULT = CardChangeSettings.DEFAULT;

  @Test
  void the_old_account_stays_in_effect_until_the_new_one_is_verified_and_approved(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String card = card(1);
    Api.Answer made = submit(api, 1, Applications.of(1, card));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.json().path("state").asText()).isEqualTo("SUBMITTED");
    String id = made.json().path("cardChangeId").asText();
    assertThat(id).matches("CC[0-9A-V]+");
    awaitState(api, id, "VERIFIED");
    JsonNode before = profile(api, 1);
    assertThat(before.path("requested").path("cardChangeId").asText()).isEqualTo(id);
    assertThat(before.path("requested").path("account").path("last4").asText())
        .isEqualTo(card.substring(15));
    assertThat(before.path("effective").path("version").asInt()).isEqualTo(1);
    api.sell(Documents.saleJson(1, 1));
    world.settle();

    Api.Answer approved = approve(api, id);

    assertThat(approved.status()).as(approved.body()).isEqualTo(200);
    assertThat(approved.json().path("state").asText()).isEqualTo("EFFECTIVE");
    assertThat(approved.json().path("version").asInt()).isEqualTo(2);
    assertThat(approved.json().path("inFlight").path("count").asInt()).isZero();
    JsonNode after = profile(api, 1);
    assertThat(after.path("requested").isNull()).isTrue();
    assertThat(after.path("effective").path("version").asInt()).isEqualTo(2);
    assertThat(after.path("effective").path("accountStatus").asText()).isEqualTo("ACTIVE");
    assertThat(after.path("effective").path("account"))
        .isEqualTo(before.path("requested").path("account"));
    api.sell(Documents.saleJson(1, 2));
    world.settle();
    assertThat(world.booked().stream().map(booking -> booking.account()))
        .containsExactly(Documents.cardOf(1), card);
    JsonNode change = get(api, id);
    assertThat(change.path("history").findValuesAsText("to"))
        .containsExactly("SUBMITTED", "VERIFYING", "VERIFIED", "APPROVED", "EFFECTIVE");
    assertThat(change.path("history").findValuesAsText("by"))
        .containsExactly("maker-1", "router", "router", "checker-1", "router");
    assertThat(change.path("verification").path("nameMatch").asText()).isEqualTo("MATCH");
    assertThat(change.path("checker").asText()).isEqualTo("checker-1");
    assertThat(change.path("documents")).hasSize(2);
    assertThat(api.getManagement("/metrics").body())
        .contains("settlement_card_changes_total{state=\"EFFECTIVE\"} 1.0");
    for (Api.Answer answer :
        List.of(made, approved, api.get("/v1/card-changes/" + id, Role.MAKER))) {
      assertThat(answer.body()).doesNotContain(card);
    }
  }

  @Test
  void a_later_change_supersedes_and_an_account_comes_back_as_itself(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String first =
        changed(api, 1, Applications.of(1, card(1))).json().path("cardChangeId").asText();
    String second =
        changed(api, 1, Applications.of(1, card(2))).json().path("cardChangeId").asText();
    assertThat(get(api, first).path("state").asText()).isEqualTo("SUPERSEDED");
    changed(api, 1, Applications.of(1, card(1)));
    assertThat(get(api, second).path("state").asText()).isEqualTo("SUPERSEDED");
    assertThat(world.queryLong("SELECT count(*) FROM account")).isEqualTo(3);
    assertThat(profile(api, 1).path("effective").path("account").path("accountId"))
        .isEqualTo(get(api, first).path("account").path("accountId"));
  }

  @Test
  void a_future_time_is_kept_and_the_change_takes_effect_by_itself(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String from = Instant.now().plusSeconds(4).toString();
    String id =
        verified(
            api, 1, Applications.of(1, card(1), "NEW_CARD", ",\"effectiveFrom\":\"" + from + "\""));
    Api.Answer approved = approve(api, id);
    assertThat(approved.json().path("state").asText()).as(approved.body()).isEqualTo("SCHEDULED");
    assertThat(Instant.parse(approved.json().path("effectiveAt").asText()))
        .isEqualTo(Instant.parse(from).truncatedTo(java.time.temporal.ChronoUnit.MICROS));
    assertThat(profile(api, 1).path("requested").path("state").asText()).isEqualTo("SCHEDULED");
    assertThat(profile(api, 1).path("effective").path("version").asInt()).isEqualTo(1);
    awaitState(api, id, "EFFECTIVE");
    assertThat(Instant.parse(get(api, id).path("effectiveAt").asText()))
        .isAfterOrEqualTo(Instant.parse(from).truncatedTo(java.time.temporal.ChronoUnit.MICROS));
    assertThat(profile(api, 1).path("effective").path("version").asInt()).isEqualTo(2);
  }

  @Test
  void money_that_waits_for_a_scheduled_card_says_by_when_it_is_expected(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    Instant from =
        Instant.now().plusSeconds(3_600).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    String id =
        verified(
            api,
            1,
            Applications.of(1, card(1), "LOST_CARD", ",\"effectiveFrom\":\"" + from + "\""));
    String creditId = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    String credit = "/v1/credits/" + creditId;
    assertThat(api.get(credit, Role.AUDITOR).json().at("/explanation/expectedBy").isNull())
        .isTrue();

    approve(api, id);

    assertThat(api.get(credit, Role.AUDITOR).json().at("/explanation/expectedBy").asText())
        .isEqualTo(from.toString());
    assertThat(
            api.get("/v1/merchants/M000001/unposted", Role.AUDITOR)
                .json()
                .at("/byReason/ACCOUNT_RESTRICTED/explanation/expectedBy")
                .asText())
        .isEqualTo(from.toString());
  }

  @Test
  void a_change_of_one_terminal_leaves_the_others_with_the_merchant(World world) throws Exception {
    Api api = world.startNode(1);
    String merchant =
        Documents.merchant(1).replace("[\"T0000001\"]", "[\"T0000001\",\"T0000002\"]");
    api.onboardBulk(merchant);
    changed(api, 1, Applications.of(1, card(1), "NEW_CARD", ",\"terminalId\":\"T0000002\""));
    api.sell(Documents.saleJson(1, 1));
    world.settle();
    api.sell(Documents.saleJson(1, 2).replace("T0000001", "T0000002"));
    world.settle();
    assertThat(world.booked().stream().map(booking -> booking.account()))
        .containsExactly(Documents.cardOf(1), card(1));
    assertThat(profile(api, 1).path("effective").path("version").asInt()).isEqualTo(1);
    changed(api, 1, Applications.of(1, card(2)));
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM card_change WHERE state = 'EFFECTIVE' AND merchant_id = 'M000001'"))
        .as("each scope has its own")
        .isEqualTo(2);
  }

  @Test
  void money_for_a_lost_card_is_held_from_the_report_on(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    String id = submitted(api, 1, Applications.of(1, card(1), "LOST_CARD", ""));
    assertThat(profile(api, 1).path("effective").path("accountStatus").asText())
        .isEqualTo("RESTRICTED");
    Api.Answer sold = api.sell(Documents.saleJson(1, 1));
    assertThat(sold.json().path("status").asText()).isEqualTo("HELD");
    submitted(api, 2, Applications.of(2, card(2), "ACCOUNT_CLOSED", ""));
    assertThat(profile(api, 2).path("effective").path("accountStatus").asText())
        .isEqualTo("CLOSED");
    awaitState(api, id, "VERIFIED");
    assertThat(approve(api, id).status()).isEqualTo(200);
    assertThat(profile(api, 1).path("effective").path("accountStatus").asText())
        .isEqualTo("ACTIVE");
    api.sell(Documents.saleJson(1, 2));
    world.settle();
    assertThat(world.booked().stream().map(booking -> booking.account()))
        .doesNotContain(Documents.cardOf(1));
    withdraw(api, get(api, id).path("cardChangeId").asText());
    Api.Answer back = submit(api, 1, Applications.of(1, card(1)));
    assertThat(back.json().path("findings").findValuesAsText("code"))
        .containsExactly("same-account");
  }

  @Test
  void a_wrong_name_fails_the_verification_and_changes_nothing(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String id = submitted(api, 1, Applications.of(1, cardEndingIn("0001")));
    awaitState(api, id, "FAILED_VERIFICATION");
    assertThat(get(api, id).path("verification").path("nameMatch").asText()).isEqualTo("NO_MATCH");
    assertThat(approve(api, id).status()).isEqualTo(409);
    assertThat(profile(api, 1).path("effective").path("version").asInt()).isEqualTo(1);
    assertThat(profile(api, 1).path("requested").isNull()).isTrue();
    changed(api, 1, Applications.of(1, card(1)));
  }

  @Test
  void a_test_credit_is_tried_where_that_is_set_and_a_rejected_one_fails(World world)
      throws Exception {
    world.cardChange(new CardChangeSettings(DEFAULT.documents(), 5, 0, true, false, 30));
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String closed = submitted(api, 1, Applications.of(1, cardEndingIn("0004")));
    awaitState(api, closed, "FAILED_VERIFICATION");
    JsonNode rejected = get(api, closed).path("verification").path("testCredit");
    assertThat(rejected.path("status").asText()).isEqualTo("RJCT");
    assertThat(rejected.path("reason").asText()).isEqualTo("AC04");
    String good = verified(api, 1, Applications.of(1, card(1)));
    assertThat(get(api, good).path("verification").path("testCredit").path("status").asText())
        .isEqualTo("ACCC");
  }

  @Test
  void a_bank_that_does_not_answer_is_asked_again_and_nothing_is_lost(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    world.closeBank();
    String id = submitted(api, 1, Applications.of(1, card(1)));
    org.awaitility.Awaitility.await()
        .until(() -> get(api, id).path("verification").path("attempts").asInt() > 1);
    JsonNode change = get(api, id);
    assertThat(change.path("state").asText()).isEqualTo("VERIFYING");
    assertThat(change.path("verification").path("lastError").asText()).isNotBlank();
    assertThat(change.path("history")).hasSize(2);
    assertThat(withdraw(api, id).json().path("state").asText()).isEqualTo("WITHDRAWN");
  }

  @Test
  void a_full_match_of_low_risk_is_approved_by_rule_where_that_is_set(World world)
      throws Exception {
    world.cardChange(new CardChangeSettings(DEFAULT.documents(), 5, 0, false, true, 30));
    Api api = world.startNode(1);
    world.onboard(api, 2);
    String id = submitted(api, 1, Applications.of(1, card(1)));
    awaitState(api, id, "EFFECTIVE");
    assertThat(get(api, id).path("checker").asText()).isEqualTo("router");
    String soonAfter = submitted(api, 1, Applications.of(1, card(2)));
    String lost = submitted(api, 2, Applications.of(2, card(3), "LOST_CARD", ""));
    awaitState(api, soonAfter, "VERIFIED");
    awaitState(api, lost, "VERIFIED");
    assertThat(approve(api, lost).status()).isEqualTo(200);
  }

  @Test
  void an_incomplete_application_is_told_everything_at_once(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    Api.Answer answer =
        submit(
            api,
            1,
            "{\"account\":{\"number\":\"6222-0212\",\"bank\":\"105\",\"holder\":\"王 9\",\"type\":\"CORPORATE\"},"
                + "\"terminalId\":\"T9\",\"effectiveFrom\":\"2020-01-01T00:00:00Z\",\"documents\":[],\"reason\":\"BORED\"}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.json().path("code").asText()).isEqualTo("card-change-incomplete");
    assertThat(answer.json().path("field").asText()).isEqualTo("account.number");
    assertThat(answer.json().path("findings").findValuesAsText("field"))
        .containsExactly(
            "account.number",
            "account.branch",
            "account.holder",
            "terminalId",
            "effectiveFrom",
            "documents",
            "documents",
            "reason");
    assertThat(answer.body()).doesNotContain("6222021234567890123");
    Api.Answer nothing = submit(api, 1, "{}");
    assertThat(nothing.json().path("findings").findValuesAsText("code")).contains("missing");
    assertThat(nothing.json().path("findings")).hasSizeGreaterThan(5);
    assertThat(world.queryLong("SELECT count(*) FROM card_change")).isZero();
    assertThat(world.queryLong("SELECT count(*) FROM account")).isEqualTo(1);
  }

  @Test
  void one_application_is_open_at_a_time_and_five_are_taken_a_day(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    for (int n = 1; n <= 5; n++) {
      String id = submitted(api, 1, Applications.of(1, card(n)));
      Api.Answer second = submit(api, 1, Applications.of(1, card(9)));
      assertThat(second.status()).isEqualTo(409);
      assertThat(second.json().path("code").asText()).isEqualTo("card-change-open");
      assertThat(withdraw(api, id).status()).isEqualTo(200);
    }
    Api.Answer sixth = submit(api, 1, Applications.of(1, card(6)));
    assertThat(sixth.status()).isEqualTo(429);
    assertThat(sixth.json().path("code").asText()).isEqualTo("card-change-limit");
    assertThat(Integer.parseInt(sixth.headers().get("retry-after").get(0)))
        .isBetween(86_000, 86_400);
  }

  @Test
  void a_cool_down_lies_between_two_changes_where_that_is_set(World world) throws Exception {
    world.cardChange(new CardChangeSettings(Set.of(), 5, 2, false, false, 30));
    Api api = world.startNode(1);
    world.onboard(api, 2);
    withdraw(api, submitted(api, 1, Applications.of(1, card(1))));
    changed(api, 1, Applications.of(1, card(1)));
    Api.Answer soon = submit(api, 1, Applications.of(1, card(2)));
    assertThat(soon.status()).isEqualTo(429);
    assertThat(Integer.parseInt(soon.headers().get("retry-after").get(0))).isBetween(7_000, 7_200);
    submitted(api, 2, Applications.of(2, card(3)));
  }

  @Test
  void an_application_that_nobody_decides_ends(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String id = verified(api, 1, Applications.of(1, card(1)));
    world.execute("UPDATE card_change SET expires_at = clock_timestamp()");
    Api.Answer late = approve(api, id);
    assertThat(late.status()).isEqualTo(409);
    awaitState(api, id, "EXPIRED");
    submitted(api, 1, Applications.of(1, card(1)));
  }

  @Test
  void on_two_nodes_at_once_one_application_is_taken_and_one_checker_approves(World world)
      throws Exception {
    world.cardChange(new CardChangeSettings(DEFAULT.documents(), 1_000, 0, false, false, 30));
    Api one = world.startNode(1);
    Api other = world.startNode(1);
    world.onboard(one, 1);
    for (int round = 0; round < 20; round++) {
      String a = Applications.of(1, card(2 * round));
      String b = Applications.of(1, card(2 * round + 1));
      List<Api.Answer> taken = both(() -> submit(one, 1, a), () -> submit(other, 1, b));
      assertThat(taken.stream().map(Api.Answer::status)).containsExactlyInAnyOrder(201, 409);
      String id =
          taken.stream()
              .filter(answer -> answer.status() == 201)
              .map(answer -> answer.json().path("cardChangeId").asText())
              .findFirst()
              .orElseThrow();
      awaitState(other, id, "VERIFIED");
      List<Api.Answer> decided =
          both(() -> approve(one.as("bob"), id), () -> approve(other.as("carol"), id));
      assertThat(decided.stream().map(Api.Answer::status)).containsExactlyInAnyOrder(200, 409);
      assertThat(profile(other, 1).path("effective").path("version").asInt()).isEqualTo(2 + round);
    }
  }

  private static List<Api.Answer> both(
      java.util.function.Supplier<Api.Answer> first,
      java.util.function.Supplier<Api.Answer> second) {
    var other = java.util.concurrent.CompletableFuture.supplyAsync(second);
    return List.of(first.get(), other.join());
  }

  @Test
  void an_account_that_is_frozen_meanwhile_stays_frozen_and_can_be_thawed(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String id = verified(api, 1, Applications.of(1, card(1)));
    String account = "/v1/accounts/" + get(api, id).path("account").path("accountId").asText();
    assertThat(setStatus(api, account, "FROZEN").status()).isEqualTo(200);
    assertThat(approve(api, id).status()).isEqualTo(200);
    assertThat(profile(api, 1).path("effective").path("accountStatus").asText())
        .isEqualTo("FROZEN");
    assertThat(api.sell(Documents.saleJson(1, 1)).json().path("status").asText()).isEqualTo("HELD");
    assertThat(setStatus(api, account, "ACTIVE").status()).isEqualTo(200);
  }

  @Test
  void an_account_in_effect_that_is_to_be_verified_anew_comes_back_by_applying_for_it(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String id = changed(api, 1, Applications.of(1, card(1))).json().path("cardChangeId").asText();
    String account = "/v1/accounts/" + get(api, id).path("account").path("accountId").asText();
    assertThat(setStatus(api, account, "UNVERIFIED").status()).isEqualTo(200);
    changed(api, 1, Applications.of(1, card(1)));
    assertThat(profile(api, 1).path("effective").path("accountStatus").asText())
        .isEqualTo("ACTIVE");
  }

  private static Api.Answer setStatus(Api api, String account, String status) {
    return api.send(
        api.request(account + "/status", Role.OPERATOR)
            .header("Content-Type", "application/json")
            .PUT(
                java.net.http.HttpRequest.BodyPublishers.ofString(
                    "{\"status\":\"" + status + "\",\"reason\":\"a test\"}"))
            .build());
  }

  @Test
  void bad_input_is_refused_with_its_field_and_changes_nothing(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String good = Applications.of(1, card(1));
    assertThat(submit(api, 2, good).status()).isEqualTo(404);
    assertThat(api.get("/v1/card-changes/CC1", Role.MAKER).status()).isEqualTo(404);
    assertThat(api.get("/v1/card-changes/CC%00", Role.MAKER).status()).isIn(400, 404);
    assertThat(approve(api, "CCZZZZ").status()).isEqualTo(404);
    assertThat(reject(api, "CC1", "no").status()).isEqualTo(404);
    for (String bad :
        List.of(
            "", "nonsense", "[]", good + "x", "{\"account\":7}", good.replace("reason", "why"))) {
      assertThat(submit(api, 1, bad).status()).as(bad).isIn(400, 422);
    }
    for (String bad :
        List.of(
            good.replace("doc-1", "a\\u0000b"),
            good.replace("doc-1", card(1)),
            good.replace("李 1", "李\\u0000 1"),
            good.replace("102", "1\\u00002"),
            good.replace(card(1), "\\u0000"),
            good.replace("}],", "}],\"terminalId\":\"\\u0000\","),
            good.replace("}],", "}],\"effectiveFrom\":\"soon\","))) {
      Api.Answer answer = submit(api, 1, bad);
      assertThat(answer.status()).as(bad + answer.body()).isEqualTo(422);
      assertThat(answer.json().path("code").asText()).isEqualTo("card-change-incomplete");
    }
    String id = verified(api, 1, good);
    for (String bad : List.of("", "{}", "{\"reason\":\" \"}", "{\"reason\":7}", "{\"x\":1}")) {
      Api.Answer answer = Applications.decide(api, Role.CHECKER, id, "reject", bad);
      assertThat(answer.status()).as(bad).isIn(400, 422);
    }
    assertThat(Applications.decide(api, Role.CHECKER, id, "approve", "{\"x\":1}").status())
        .isEqualTo(422);
    assertThat(get(api, id).path("state").asText()).isEqualTo("VERIFIED");
  }
}
