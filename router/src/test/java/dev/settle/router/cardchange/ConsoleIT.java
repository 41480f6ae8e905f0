package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.verified;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Browser;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console in a real browser, against a node with real data. */
@ExtendWith(InvariantsHold.class)
class ConsoleIT {

  private static final Path PICTURES = Path.of("../docs/console");
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  @Test
  void people_answer_and_decide_in_the_console_in_both_languages(World world) throws Exception {
    Api api = world.startNode(2);
    world.onboard(api, 4);
    String credit = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    world.settle();
    String account = Applications.profile(api, 2).at("/effective/account/accountId").asText();
    assertThat(
            api.put(
                    "/v1/accounts/" + account + "/status",
                    Role.OPERATOR,
                    "{\"status\":\"FROZEN\",\"reason\":\"court order\"}")
                .status())
        .isEqualTo(200);
    for (int stan = 10; stan < 13; stan++) {
      api.sell(Documents.saleJson(2, stan));
    }
    String toApprove = verified(api, 1, Applications.of(1, card(1)));
    String toReject = verified(api, 3, Applications.of(3, card(3)));
    String ofChecker = verified(api.as("checker-1"), 4, Applications.of(4, card(4)));

    try (Browser browser = Browser.at(api.port())) {
      refusedTokensAreExplained(browser, world);
      browser.signIn(api.token(Role.CHECKER));
      whereTheMoneyIs(browser, api);
      aCreditsPath(browser, credit);
      whatIsUnposted(browser, api);
      ownChangesAreForSomebodyElse(browser, ofChecker);
      if (Boolean.getBoolean("settle.regenerate")) {
        pictures(browser, toApprove, credit);
      }
      approved(browser, api, toApprove);
      rejected(browser, api, toReject);
      nothingIsCutOnAPhone(browser, toApprove, credit);
      assertThat(browser.complaints()).doesNotContain("Content Security Policy", "Uncaught");
    }
  }

  private static void refusedTokensAreExplained(Browser browser, World world) {
    browser.type("token", "not.a.token");
    browser.click("sign-in");
    browser.awaitText("said", "not valid, or it has expired");
    browser.type("token", world.token(Role.TERMINAL));
    browser.click("sign-in");
    browser.awaitText("said", "another role");
    assertThat(browser.run("return sessionStorage.length")).isEqualTo(0L);
  }

  private static void whereTheMoneyIs(Browser browser, Api api) {
    browser.type("merchant-id", "M000002");
    browser.click("merchant-id-go");
    var sentence = api.get("/v1/merchants/M000002/unposted", Role.AUDITOR).json().path("sentence");
    browser.awaitText("sentence", sentence.path("en").asText());
    assertThat(browser.text("effective")).contains("Frozen", "李 2");
    assertThat(browser.text("requested")).contains("No open application");
    assertThat(browser.text("bindings")).contains("First account", "in force");
    browser.click("language");
    browser.awaitText("sentence", sentence.path("zh").asText());
    browser.awaitText("effective", "冻结");
    browser.click("language");
    browser.open("#/merchant/M999999");
    browser.awaitText("said", "There is nothing of this id");
    browser.open("#/merchant/M000001");
    browser.awaitText("requested", "Waits for a checker");
  }

  private static void aCreditsPath(Browser browser, String credit) {
    browser.open("#/credit/" + credit);
    browser.awaitText("sentence", "CNY 79.20 · Posted");
    assertThat(browser.text("path")).contains("Recorded", "Sent", "Posted");
    browser.click("language");
    browser.awaitText("path", "已入账");
    browser.click("language");
  }

  private static void whatIsUnposted(Browser browser, Api api) {
    var total = api.get("/v1/unposted", Role.AUDITOR).json();
    browser.open("#/now");
    browser.awaitText("total", total.path("count").asText() + " sales, CNY ");
    assertThat(browser.text("by-reason"))
        .contains("The settlement account is blocked at the bank.");
  }

  /** Who applied is asked for by the API: the page only says what it answered. */
  private static void ownChangesAreForSomebodyElse(Browser browser, String id) {
    browser.open("#/changes/" + id);
    browser.click("approve");
    browser.awaitText("said", "somebody else has to decide it");
    browser.click("language");
    browser.click("approve");
    browser.awaitText("said", "须由他人审批");
    browser.click("language");
  }

  private static void approved(Browser browser, Api api, String id) {
    browser.open("#/changes");
    browser.click("open-" + id);
    browser.awaitState("VERIFIED", Duration.ofSeconds(10));
    assertThat(browser.text("old")).contains(Documents.cardOf(1).substring(15));
    assertThat(browser.text("new")).contains(card(1).substring(card(1).length() - 4));
    assertThat(browser.text("findings")).contains("Matches");
    browser.click("approve");
    browser.awaitState("EFFECTIVE", A_SECOND);
    browser.awaitText("said", "Approved; in force since");
    browser.awaitText("history", "checker-1");
    assertThat(browser.text("old")).contains(Documents.cardOf(1).substring(15));
    assertThat(browser.has("approve")).isFalse();
    assertThat(Applications.profile(api, 1).at("/effective/version").asInt()).isEqualTo(2);
  }

  private static void rejected(Browser browser, Api api, String id) {
    browser.click("language");
    browser.open("#/changes/" + id);
    browser.type("reject-reason", "材料不清晰");
    browser.click("reject");
    browser.awaitState("REJECTED", A_SECOND);
    browser.awaitText("said", "已驳回");
    browser.awaitText("history", "材料不清晰");
    assertThat(Applications.get(api, id).path("checker").asText()).isEqualTo("checker-1");
    browser.click("language");
  }

  private static void nothingIsCutOnAPhone(Browser browser, String change, String credit) {
    browser.asPhone();
    for (String page : pages(change, credit)) {
      browser.open(page);
      browser.find("body");
      assertThat(browser.run("return document.documentElement.scrollWidth <= 360"))
          .as(page)
          .isEqualTo(true);
    }
  }

  private static List<String> pages(String change, String credit) {
    return List.of(
        "#/now", "#/merchant/M000002", "#/credit/" + credit, "#/changes", "#/changes/" + change);
  }

  private static void pictures(Browser browser, String change, String credit) throws Exception {
    for (String language : List.of("en", "zh")) {
      for (String colours : List.of("light", "dark")) {
        for (String page : pages(change, credit)) {
          browser.open(page);
          browser.find("body");
          Thread.sleep(400); // The answers of the API, whatever page it is.
          String one = page.contains("changes/") ? "-one" : "";
          String name = page.substring(2).replaceAll("/.*", "") + one;
          browser.shoot(PICTURES.resolve(name + "-" + language + "-" + colours + ".png"));
        }
        browser.click("theme");
      }
      browser.click("language");
    }
  }
}
