package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.changed;
import static dev.settle.router.cardchange.Applications.profile;
import static dev.settle.router.cardchange.Applications.submit;
import static dev.settle.router.cardchange.Applications.submitted;
import static dev.settle.router.cardchange.Applications.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountId;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever reports a card as lost is heard, whatever becomes of the application. */
@ExtendWith(InvariantsHold.class)
class LostReportIT {

  private static final CardChangeSettings ONE_A_DAY =
      new CardChangeSettings(Set.of("IDENTITY"), 1, 0, false, false, 30);

  @ParameterizedTest
  @CsvSource({"LOST_CARD,RESTRICTED", "STOLEN_CARD,RESTRICTED", "ACCOUNT_CLOSED,CLOSED"})
  void a_report_is_heard_while_another_application_is_open(
      String reason, String status, World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    submitted(api, 1, Applications.of(1, card(1)));

    Api.Answer second = submit(api, 1, Applications.of(1, card(2), reason, ""));

    assertHeard(api, second, 409, "card-change-open", status);
    assertThat(api.sell(Documents.saleJson(1, 1)).json().path("reason").asText())
        .isEqualTo("ACCOUNT_" + status);
  }

  @Test
  void a_report_is_heard_when_the_day_has_had_its_applications(World world) throws Exception {
    world.cardChange(ONE_A_DAY);
    Api api = world.startNode(1);
    world.onboard(api, 1);
    withdraw(api, submitted(api, 1, Applications.of(1, card(1))));
    Api.Answer late = submit(api, 1, Applications.of(1, card(1), "LOST_CARD", ""));
    assertHeard(api, late, 429, "card-change-limit", "RESTRICTED");
    assertThat(late.headers()).containsKey("retry-after");
  }

  @Test
  void a_report_is_heard_when_the_rest_of_the_application_is_wrong(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String wrong = "{\"reason\":\"LOST_CARD\",\"documents\":[]}";
    assertHeard(api, submit(api, 1, wrong), 422, "card-change-incomplete", "RESTRICTED");
    assertThat(submit(api, 1, wrong).json().path("detail").asText())
        .doesNotContain("Nothing has changed");
    assertThat(world.queryLong("SELECT route_version FROM merchant")).isEqualTo(2);
    assertThat(
            world.queryText(
                "SELECT reason || ' ' || changed_by FROM account_status_change WHERE status = 'RESTRICTED'"))
        .isEqualTo("reported: LOST_CARD maker-1");
  }

  @Test
  void the_card_that_is_reported_lost_is_not_the_next_one_however_it_is_spelled(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    changed(api, 1, Applications.of(1, card(1)));
    String same = Applications.of(1, card(1), "LOST_CARD", "").replace("李 1", "李1");
    Api.Answer answer = submit(api, 1, same);
    assertHeard(api, answer, 422, "card-change-incomplete", "RESTRICTED");
    assertThat(answer.json().path("findings").findValuesAsText("code"))
        .containsExactly("account-blocked");
  }

  @Test
  void an_account_that_is_to_be_verified_can_be_lost_too(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    api.put(
        "/v1/accounts/" + AccountId.text(world.accountOf(1)) + "/status",
        Role.OPERATOR,
        "{\"status\":\"UNVERIFIED\",\"reason\":\"a test\"}");
    submitted(api, 1, Applications.of(1, card(1), "LOST_CARD", ""));
    assertThat(status(api)).isEqualTo("RESTRICTED");
  }

  @Test
  void a_report_about_a_card_or_by_somebody_unknown_changes_nothing(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String lost = Applications.of(1, card(1), "LOST_CARD", ",\"terminalId\":\"T9\"");
    Api.Answer nowhere = submit(api, 1, lost);
    assertThat(nowhere.status()).isEqualTo(422);
    assertThat(nowhere.json().path("detail").asText()).contains("Nothing has changed");
    assertThat(submit(api, 2, Applications.of(2, card(1), "LOST_CARD", "")).status())
        .isEqualTo(404);
    String path = "/v1/merchants/M000001/card-changes";
    byte[] body = Applications.of(1, card(1), "LOST_CARD", "").getBytes();
    assertThat(api.post(path, Role.CHECKER, "application/json", body).status()).isEqualTo(403);
    assertThat(status(api)).isEqualTo("ACTIVE");
    assertThat(world.queryLong("SELECT route_version FROM merchant")).isEqualTo(1);
  }

  private static void assertHeard(
      Api api, Api.Answer answer, int httpStatus, String code, String status) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(httpStatus);
    assertThat(answer.json().path("code").asText()).isEqualTo(code);
    assertThat(answer.json().path("detail").asText())
        .contains("The account in effect is " + status);
    assertThat(status(api)).isEqualTo(status);
  }

  private static String status(Api api) {
    return profile(api, 1).at("/effective/accountStatus").asText();
  }
}
