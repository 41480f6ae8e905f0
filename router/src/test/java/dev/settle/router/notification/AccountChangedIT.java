package dev.settle.router.notification;

import static dev.settle.router.testing.SignedNotices.changed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.SignedNotices;
import dev.settle.router.testing.World;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A bank names another account: a draft for a checker, never more. */
@ExtendWith(InvariantsHold.class)
class AccountChangedIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static String posted(World world, Api api) throws Exception {
    String credit = api.sell(Documents.saleJson(1, 7)).json().path("creditId").asText();
    Awaitility.await("posted")
        .atMost(PATIENCE)
        .until(
            () ->
                api.get("/v1/credits/" + credit, Role.AUDITOR)
                    .json()
                    .path("status")
                    .asText()
                    .equals("POSTED"));
    return credit + "-1";
  }

  private static JsonNode verified(Api api) {
    Awaitility.await("verified")
        .atMost(PATIENCE)
        .until(() -> Cards.list(api, "VERIFIED").size() == 1);
    return Cards.list(api, "VERIFIED").path(0);
  }

  @Test
  void it_opens_an_application_that_a_checker_decides(World world) throws Exception {
    // A rule that approves what it can: not this.
    world.cardChange(new CardChangeSettings(Set.of("IDENTITY"), 5, 0, false, true, 30));
    Api api = world.startNode(1);
    world.onboard(api, 1);
    SignedNotices bank = new SignedNotices(api, world);
    String id = posted(world, api);
    String number = Cards.card(1);

    assertThat(bank.outcome(changed(id, number, "李 1"))).isEqualTo("200 APPLIED");

    JsonNode change = verified(api);
    assertThat(change.path("maker").asText()).isEqualTo("bank:sandbox");
    assertThat(change.path("terminalId").isNull()).isTrue();
    assertThat(change.path("account").path("last4").asText())
        .isEqualTo(number.substring(number.length() - 4));
    assertThat(world.queryLong("SELECT count(change_id) FROM rail_notification")).isEqualTo(1);
    assertThat(bank.outcome(changed(id, number, "李 1"))).isEqualTo("200 KNOWN");
    Cards.approve(api, change.path("cardChangeId").asText());
    assertThat(bank.outcome(changed(id, number, "李 1"))).isEqualTo("200 KNOWN");
    assertThat(world.queryLong("SELECT count(*) FROM settlement_break")).isZero();
    for (String table :
        new String[] {"rail_notification", "settlement_break", "card_change", "card_change_step"}) {
      assertThat(
              world.queryText("SELECT coalesce(string_agg(t::text, ' '), '') FROM " + table + " t"))
          .as(table)
          .doesNotContain(number);
    }
  }

  @Test
  void it_is_for_the_terminal_alone_where_that_has_a_card_of_its_own(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String application =
        "{\"account\":{\"number\":\""
            + Cards.card(2)
            + "\",\"bank\":\"102\",\"holder\":\"李 1\",\"type\":\"PERSONAL\"},\"terminalId\":\"T0000001\","
            + "\"documents\":[{\"kind\":\"IDENTITY\",\"ref\":\"d1\"},"
            + "{\"kind\":\"BANK_ACCOUNT_PROOF\",\"ref\":\"d2\"}],\"reason\":\"NEW_CARD\"}";
    Api.Answer own =
        api.post(
            "/v1/merchants/M000001/card-changes",
            Role.MAKER,
            "application/json",
            application.getBytes(UTF_8));
    Cards.approve(api, own.json().path("cardChangeId").asText());
    SignedNotices bank = new SignedNotices(api, world);

    assertThat(bank.outcome(changed(posted(world, api), Cards.card(3), "李 1")))
        .isEqualTo("200 APPLIED");

    assertThat(verified(api).path("terminalId").asText()).isEqualTo("T0000001");
  }

  @Test
  void what_cannot_be_an_application_is_kept_with_its_reason(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    SignedNotices bank = new SignedNotices(api, world);
    String id = posted(world, api);

    assertThat(bank.outcome(changed("UNKNOWN-1", Cards.card(1), "李 1"))).isEqualTo("202 UNKNOWN");
    assertThat(bank.outcome(changed(id, "6222020000000000", "somebody"))).isEqualTo("200 BREAK");
    assertThat(world.queryText("SELECT detail FROM settlement_break WHERE kind = 'ACCOUNT_CHANGE'"))
        .isEqualTo(
            "the bank says account-changed, account.number number-check-digit,"
                + " account.holder holder-mismatch");
    world.execute(
        "UPDATE settlement_break SET closed_at = now(), closed_by = 'test', closed_note = 'seen'");

    assertThat(bank.outcome(changed(id, Cards.card(1), "李 1"))).isEqualTo("200 APPLIED");
    assertThat(bank.outcome(changed(id, Cards.card(2), "李 1"))).isEqualTo("200 BREAK");
    assertThat(world.queryText("SELECT detail FROM settlement_break WHERE closed_at IS NULL"))
        .isEqualTo("the bank says account-changed, card-change-open");
    Cards.approve(api, verified(api).path("cardChangeId").asText());
    world.execute(
        "UPDATE settlement_break SET closed_at = now(), closed_by = 'test', closed_note = 'seen'"
            + " WHERE closed_at IS NULL");
    assertThat(bank.outcome(changed(id, Cards.card(2), "李 1"))).isEqualTo("200 BREAK");
    assertThat(world.queryText("SELECT detail FROM settlement_break WHERE closed_at IS NULL"))
        .endsWith("not in effect any more");
  }
}
