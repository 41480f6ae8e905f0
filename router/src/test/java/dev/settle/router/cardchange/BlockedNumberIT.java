package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.Applications.approve;
import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.changed;
import static dev.settle.router.cardchange.Applications.profile;
import static dev.settle.router.cardchange.Applications.submit;
import static dev.settle.router.cardchange.Applications.verified;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountId;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A number that may not receive may not receive under another holder's spelling or type either. */
@ExtendWith(InvariantsHold.class)
class BlockedNumberIT {

  private static final String CARD = Applications.of(1, card(1));
  private static final String RESPELLED = CARD.replace("李 1", "李1");
  private static final String CORPORATE =
      CARD.replace("\"PERSONAL\"", "\"CORPORATE\",\"branch\":\"102100000011\"");

  @ParameterizedTest
  @ValueSource(strings = {"RESTRICTED", "FROZEN", "CLOSED"})
  void a_blocked_number_cannot_be_applied_for_under_another_name_or_type(String status, World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String blocked = account(api, CARD);
    set(api, blocked, status);
    for (String application : new String[] {CARD, RESPELLED, CORPORATE}) {
      Api.Answer answer = submit(api, 1, application);
      assertThat(answer.status()).as(answer.body()).isEqualTo(422);
      assertThat(answer.json().path("findings").findValuesAsText("code"))
          .containsExactly("account-blocked");
    }
    assertThat(world.queryLong("SELECT count(*) FROM account")).isEqualTo(2);
    set(api, blocked, "ACTIVE");
    changed(api, 1, RESPELLED);
  }

  @Test
  void a_number_that_is_frozen_while_its_other_spelling_waits_stays_frozen(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String first = account(api, CARD);
    String id = verified(api, 1, RESPELLED);
    set(api, first, "FROZEN");
    // As if it had been taken in the moment of the freeze.
    world.execute("UPDATE account SET status = 'UNVERIFIED' WHERE holder = '李1'");

    assertThat(approve(api, id).status()).isEqualTo(200);

    assertThat(effectiveStatus(api)).isEqualTo("FROZEN");
    assertThat(api.sell(Documents.saleJson(1, 1)).json().path("reason").asText())
        .isEqualTo("ACCOUNT_FROZEN");
    set(api, first, "ACTIVE");
    assertThat(effectiveStatus(api)).isEqualTo("ACTIVE");
    world.settle();
  }

  @Test
  void an_operators_status_reaches_the_number_however_it_is_spelled(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String first = account(api, CARD);
    changed(api, 1, RESPELLED);
    set(api, first, "FROZEN");
    assertThat(effectiveStatus(api)).isEqualTo("FROZEN");
    set(api, first, "ACTIVE");
    assertThat(effectiveStatus(api)).isEqualTo("ACTIVE");
    set(api, first, "UNVERIFIED");
    assertThat(effectiveStatus(api)).isEqualTo("UNVERIFIED");
  }

  /** What was never verified is not made active by the way. */
  @Test
  void a_thaw_makes_active_only_what_was_verified(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String first = account(api, CARD);
    verified(api, 1, RESPELLED);
    set(api, first, "FROZEN");
    set(api, first, "ACTIVE");
    assertThat(effectiveStatus(api)).isEqualTo("ACTIVE");
    assertThat(world.queryText("SELECT status FROM account WHERE holder = '李1'"))
        .isEqualTo("UNVERIFIED");
  }

  @Test
  void an_account_that_was_blocked_unverified_comes_back_as_unverified_and_by_applying_for_it(
      World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String account = account(api, CARD);
    set(api, account, "UNVERIFIED");
    set(api, account, "FROZEN");
    Api.Answer thaw = put(api, account, "ACTIVE");
    assertThat(thaw.status()).isEqualTo(409);
    assertThat(thaw.json().path("detail").asText()).contains("Set it UNVERIFIED");
    assertThat(submit(api, 1, CARD).json().path("findings").findValuesAsText("code"))
        .containsExactly("account-blocked");

    set(api, account, "UNVERIFIED");
    changed(api, 1, CARD);

    assertThat(effectiveStatus(api)).isEqualTo("ACTIVE");
    set(api, account, "FROZEN");
    set(api, account, "ACTIVE");
  }

  @Test
  void a_banks_refusal_reaches_the_number_unless_somebody_has_set_it_since(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String first = account(api, CARD);
    long firstId = AccountId.parse(first).getAsLong();
    changed(api, 1, RESPELLED);
    String refused =
        "SELECT cardinality(accounts_refused(ARRAY["
            + firstId
            + "::bigint], ARRAY[%d], ARRAY['FROZEN'], ARRAY['AC06'], 'rail:sandbox'))";
    assertThat(world.queryLong(String.format(refused, 2)))
        .as("the number was verified anew after that was sent")
        .isZero();
    assertThat(world.queryLong(String.format(refused, 3))).isEqualTo(1);
    assertThat(effectiveStatus(api)).isEqualTo("FROZEN");
  }

  /** Brings the card into effect; its account's id. */
  private static String account(Api api, String application) {
    changed(api, 1, application);
    return profile(api, 1).at("/effective/account/accountId").asText();
  }

  private static String effectiveStatus(Api api) {
    return profile(api, 1).at("/effective/accountStatus").asText();
  }

  private static void set(Api api, String account, String status) {
    Api.Answer answer = put(api, account, status);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static Api.Answer put(Api api, String account, String status) {
    return api.put(
        "/v1/accounts/" + account + "/status",
        Role.OPERATOR,
        "{\"status\":\"" + status + "\",\"reason\":\"a test\"}");
  }
}
