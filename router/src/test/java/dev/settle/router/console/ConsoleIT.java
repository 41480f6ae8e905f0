package dev.settle.router.console;

import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.verified;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.cardchange.Applications;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Browser;
import dev.settle.router.testing.CuttableLine;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people look up and decide in the console, in a real browser, against real nodes. */
@ExtendWith(InvariantsHold.class)
class ConsoleIT {

  /** From the click to the page of another node. */
  private static final Duration SHOWN_WITHIN = Duration.ofSeconds(1);

  @Test
  void people_answer_and_decide_in_the_console_in_both_languages(World world) throws Exception {
    Api api = world.startNode(2);
    world.onboard(api, 4);
    String credit = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    world.settle();
    freeze(api, 2);
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
      theTimelineLeadsToEachCredit(browser, credit, toApprove);
      whatIsUnposted(browser, api);
      ownChangesAreForSomebodyElse(browser, ofChecker);
      approved(browser, api, toApprove);
      rejected(browser, api, toReject);
      assertThat(browser.complaints()).doesNotContain("Content Security Policy", "Uncaught");
    }
  }

  @Test
  void an_approval_is_in_force_on_every_node_and_other_pages_show_it_by_themselves(World world)
      throws Exception {
    List<Api> nodes = List.of(world.startNode(1), world.startNode(1), world.startNode(1));
    world.onboard(nodes.get(0), 1);
    String id = verified(nodes.get(0), 1, Applications.of(1, card(1)));
    try (Browser checker = Browser.at(nodes.get(0).port());
        Browser watcher = Browser.at(nodes.get(2).port())) {
      checker.signIn(nodes.get(0).token(Role.CHECKER));
      watcher.signIn(nodes.get(2).token(Role.AUDITOR));
      for (Browser browser : List.of(checker, watcher)) {
        browser.open("#/changes/" + id);
        browser.awaitState("VERIFIED");
        browser.awaitLive();
        browser.onlyHears();
      }
      long from = System.nanoTime();
      checker.click("approve");
      checker.awaitState("EFFECTIVE");
      long here = System.nanoTime();
      watcher.awaitState("EFFECTIVE");
      long there = System.nanoTime();
      assertEveryNodePaysTheNewCard(world, nodes);
      assertThat(checker.stayed() && watcher.stayed()).as("no page was loaded anew").isTrue();
      assertThat(Duration.ofNanos(here - from)).isLessThan(SHOWN_WITHIN);
      assertThat(Duration.ofNanos(there - from)).isLessThan(SHOWN_WITHIN);
      System.out.printf(
          "approved in a browser: its page shows it after %d ms, a page of another node after %d ms%n",
          TimeUnit.NANOSECONDS.toMillis(here - from), TimeUnit.NANOSECONDS.toMillis(there - from));
      watcher.open("#/merchant/M000001");
      watcher.awaitText("effective", card(1).substring(card(1).length() - 4));
      watcher.awaitText("timeline", id);
    }
  }

  @Test
  void what_happens_is_live_and_a_lost_line_is_said_until_it_is_back(World world) throws Exception {
    Api api = world.startNode(2);
    world.onboard(api, 2);
    freeze(api, 2);
    try (CuttableLine line = new CuttableLine("127.0.0.1", api.port());
        Browser browser = Browser.at(line.port())) {
      browser.signIn(api.token(Role.AUDITOR));
      browser.open("#/now");
      browser.awaitLive();
      api.sell(Documents.saleJson(2, 1));
      browser.awaitText("by-reason", "The settlement account is blocked at the bank.");
      browser.awaitText("nodes", "node-0");
      browser.awaitText("rails", "Running");
      browser.awaitCount("#plots path", 3);
      whatIsNoAnswerIsSaidAndAskedAgain(browser);
      figuresThatStandStillAreSaid(browser);

      line.cut();
      browser.awaitState("connection", "lost");
      browser.awaitText("lost", "is interrupted since");
      assertThat(browser.text("by-reason")).contains("blocked at the bank");
      if (Boolean.getBoolean("settle.regenerate")) {
        browser.shoot(Path.of("../docs/console/now-disconnected.png"));
      }
      browser.click("language");
      browser.awaitText("lost", "正在自动重连");
      line.restore();
      browser.awaitState("connection", "live");
      browser.awaitCount("#lost .message", 0);
      browser.awaitText("by-reason", "结算账户已被银行冻结");
    }
  }

  /** As something between answers that is not the router. */
  private static void whatIsNoAnswerIsSaidAndAskedAgain(Browser browser) {
    browser.run(
        """
        const real = window.fetch;
        window.fetch = (path, how) => {
          if (path !== "/v1/unposted") return real(path, how);
          window.fetch = real;
          return Promise.resolve(new Response("<html>sign in to the network</html>"));
        };
        """);
    browser.awaitText("said", "The router does not answer");
    browser.awaitCount("#said .message", 0);
  }

  /** The browser's own clock goes twenty times as fast, and the book is never read. */
  private static void figuresThatStandStillAreSaid(Browser browser) {
    assertThat(browser.count("#still .message")).isZero();
    browser.run(
        """
        let held;
        const parse = JSON.parse;
        const now = performance.now.bind(performance);
        window.moveOn = () => { JSON.parse = parse; performance.now = now; };
        performance.now = () => now() * 20;
        JSON.parse = (text, revive) => {
          const what = parse(text, revive);
          if (what?.nodes) what.at = held ??= what.at;
          return what;
        };
        """);
    browser.awaitText("still", "The figures stand still since");
    browser.run("window.moveOn()");
    browser.awaitCount("#still .message", 0);
  }

  private static void freeze(Api api, int merchant) {
    String account =
        Applications.profile(api, merchant).at("/effective/account/accountId").asText();
    Api.Answer answer =
        api.put(
            "/v1/accounts/" + account + "/status",
            Role.OPERATOR,
            "{\"status\":\"FROZEN\",\"reason\":\"court order\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static void assertEveryNodePaysTheNewCard(World world, List<Api> nodes) {
    List<String> credits =
        nodes.stream()
            .map(node -> node.sell(Documents.saleJson(1, node.port())).json())
            .map(receipt -> receipt.path("creditId").asText())
            .toList();
    world.settle();
    for (String credit : credits) {
      var found = nodes.get(0).get("/v1/credits/" + credit, Role.AUDITOR).json();
      assertThat(found.path("status").asText()).as(found.toString()).isEqualTo("POSTED");
      assertThat(card(1)).endsWith(found.at("/account/last4").asText());
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

  private static void theTimelineLeadsToEachCredit(Browser browser, String credit, String change) {
    browser.awaitText("timeline", "CNY 79.20");
    assertThat(browser.text("timeline")).contains("Sale", "Card in force", change);
    browser.awaitCount("#timeline .bar", 1);
    browser.awaitCount("#timeline .axis .glyph", 2);
    browser.choose("span", "week");
    browser.awaitText("timeline", "CNY 79.20");
    browser.click("credit-" + credit);
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
    assertThat(browser.text("by-age")).contains("Under a minute");
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
    browser.awaitState("VERIFIED");
    assertThat(browser.text("old")).contains(Documents.cardOf(1).substring(15));
    assertThat(browser.text("new")).contains(card(1).substring(card(1).length() - 4));
    assertThat(browser.text("findings")).contains("Matches");
    browser.click("approve");
    browser.awaitState("EFFECTIVE");
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
    browser.awaitState("REJECTED");
    browser.awaitText("said", "已驳回");
    browser.awaitText("history", "材料不清晰");
    assertThat(Applications.get(api, id).path("checker").asText()).isEqualTo("checker-1");
    browser.click("language");
  }
}
