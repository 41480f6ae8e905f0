package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.Applications.approve;
import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.changed;
import static dev.settle.router.cardchange.Applications.profile;
import static dev.settle.router.cardchange.Applications.verified;
import static dev.settle.router.cardchange.Applications.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountId;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Money that waits for another account says whose move that is, and by when it is expected. */
@ExtendWith(InvariantsHold.class)
class WhoseMoveIT {

  private final String inAnHour =
      Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS).toString();

  @Test
  void the_checker_acts_while_an_application_waits_for_him(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String id = verified(api, 1, Applications.of(1, card(1), "LOST_CARD", from()));
    String credit = sold(api, Documents.saleJson(1, 1));
    assertMove(api, credit, "ACCOUNT_RESTRICTED", "CHECKER", null);
    approve(api, id);
    assertMove(api, credit, "ACCOUNT_RESTRICTED", "ROUTER", inAnHour);
    withdraw(api, id);
    assertMove(api, credit, "ACCOUNT_RESTRICTED", "MERCHANT", null);
  }

  @Test
  void the_bank_acts_while_it_is_asked_about_the_account_and_not_before(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    setStatus(api, AccountId.text(world.accountOf(1)), "UNVERIFIED");
    String credit = sold(api, Documents.saleJson(1, 1));
    JsonNode explained = assertMove(api, credit, "VERIFICATION_PENDING", "MAKER", null);
    assertThat(explained.path("en").asText()).doesNotContain("being verified");
    world.closeBank();
    Applications.submitted(api, 1, Applications.of(1, card(1)));
    assertMove(api, credit, "VERIFICATION_PENDING", "RAIL", null);
  }

  @Test
  void a_terminal_with_an_account_of_its_own_does_not_wait_for_the_merchants(World world)
      throws Exception {
    Api api = world.startNode(1);
    api.onboardBulk(Documents.merchant(1).replace("[\"T0000001\"]", "[\"T0000001\",\"T0000002\"]"));
    changed(api, 1, Applications.of(1, card(1), "NEW_CARD", ",\"terminalId\":\"T0000002\""));
    String own = profile(api, 1).at("/effectiveOfTerminals/0/account/accountId").asText();
    setStatus(api, own, "FROZEN");
    approve(api, verified(api, 1, Applications.of(1, card(2), "LOST_CARD", from())));
    String ofMerchant = sold(api, Documents.saleJson(1, 1));
    String ofTerminal = sold(api, Documents.saleJson(1, 2).replace("T0000001", "T0000002"));

    assertMove(api, ofMerchant, "ACCOUNT_RESTRICTED", "ROUTER", inAnHour);
    assertMove(api, ofTerminal, "ACCOUNT_FROZEN", "MERCHANT", null);

    // Both for one reason: there is no time by which all of it is expected.
    setStatus(api, AccountId.text(world.accountOf(1)), "FROZEN");
    sold(api, Documents.saleJson(1, 3));
    JsonNode both =
        api.get("/v1/merchants/M000001/unposted", Role.AUDITOR)
            .json()
            .at("/byReason/ACCOUNT_FROZEN/explanation");
    assertThat(both.path("expectedBy").isNull()).isTrue();
    assertThat(both.path("whoActs").asText()).isEqualTo("MERCHANT");
  }

  @Test
  void a_terminals_change_is_awaited_by_its_own_money(World world) throws Exception {
    Api api = world.startNode(1);
    api.onboardBulk(Documents.merchant(1).replace("[\"T0000001\"]", "[\"T0000001\",\"T0000002\"]"));
    String scope = from() + ",\"terminalId\":\"T0000002\"";
    approve(api, verified(api, 1, Applications.of(1, card(1), "LOST_CARD", scope)));
    String ofTerminal = sold(api, Documents.saleJson(1, 2).replace("T0000001", "T0000002"));
    assertMove(api, ofTerminal, "ACCOUNT_RESTRICTED", "ROUTER", inAnHour);
    String ofMerchant = sold(api, Documents.saleJson(1, 1));
    JsonNode single = api.get("/v1/credits/" + ofMerchant, Role.AUDITOR).json();
    assertThat(single.at("/explanation/expectedBy").isNull()).isTrue();
    assertThat(single.at("/explanation/whoActs").asText()).isEqualTo("MERCHANT");
  }

  private String from() {
    return ",\"effectiveFrom\":\"" + inAnHour + "\"";
  }

  private static String sold(Api api, String sale) {
    return api.sell(sale).json().path("creditId").asText();
  }

  /** Of the single credit and of the merchant's total alike; the explanation. */
  private static JsonNode assertMove(
      Api api, String creditId, String reason, String whoActs, @Nullable String expectedBy) {
    JsonNode credit = api.get("/v1/credits/" + creditId, Role.AUDITOR).json().path("explanation");
    JsonNode total =
        api.get("/v1/merchants/M000001/unposted", Role.AUDITOR)
            .json()
            .at("/byReason/" + reason + "/explanation");
    for (JsonNode explanation : new JsonNode[] {credit, total}) {
      assertThat(explanation.path("reason").asText()).isEqualTo(reason);
      assertThat(explanation.path("whoActs").asText()).isEqualTo(whoActs);
      assertThat(explanation.path("expectedBy").asText(null)).isEqualTo(expectedBy);
    }
    return credit;
  }

  private static void setStatus(Api api, String account, String status) {
    Api.Answer answer =
        api.put(
            "/v1/accounts/" + account + "/status",
            Role.OPERATOR,
            "{\"status\":\"" + status + "\",\"reason\":\"a test\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }
}
