package dev.settle.router.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.cardchange.Applications;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Browser;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators order in the console: of money that waits, and with a second person of rails. */
@ExtendWith(InvariantsHold.class)
class ConsoleOrdersIT {

  private static final String MERCHANT = "M000002";

  @Test
  void an_operator_sees_the_amount_before_anything_is_done_and_then_how_far_it_is(World world)
      throws Exception {
    Api api = world.startNode(2);
    world.onboard(api, 3);
    setAccount(api, 2, "FROZEN");
    List<String> held = new ArrayList<>();
    for (int stan = 10; stan < 13; stan++) {
      held.add(api.sell(Documents.saleJson(2, stan)).json().path("creditId").asText());
    }
    try (Browser browser = Browser.at(api.port())) {
      browser.signIn(api.token(Role.OPERATOR));
      filteredAndOpened(browser, held);
      handedOver(browser, held);
      heldInBulk(browser, api);
      setAccount(api, 2, "ACTIVE");
      browser.click("language");
      releasedInBulk(browser);
      world.settle();
      for (String credit : held) {
        assertThat(api.get("/v1/credits/" + credit, Role.AUDITOR).json().path("status").asText())
            .isEqualTo("POSTED");
      }
      browser.open("#/exceptions");
      browser.awaitText("empty", "没有符合筛选条件的异常");
      browser.awaitText("orders", "operator-1");
      assertThat(browser.complaints()).doesNotContain("Content Security Policy", "Uncaught");
    }
  }

  private static void filteredAndOpened(Browser browser, List<String> held) {
    browser.open("#/exceptions");
    browser.awaitCount("#listing tbody tr", 3);
    browser.choose("filter-reason", "NO_BINDING");
    browser.click("filter-go");
    browser.awaitText("empty", "Nothing waits that fits this filter");
    browser.choose("filter-reason", "ACCOUNT_FROZEN");
    browser.type("filter-merchantId", MERCHANT);
    browser.click("filter-go");
    browser.awaitCount("#listing tbody tr", 3);
    browser.click("open-" + held.get(0));
    browser.awaitText("explanation", "blocked at the bank");
    browser.awaitText("path", "Held");
    browser.click("back");
    browser.open("#/exceptions?reason=ACCOUNT_FROZEN&merchantId=" + MERCHANT);
    browser.awaitCount("#listing tbody tr", 3);
  }

  /** The two that are picked, and not the third. */
  private static void handedOver(Browser browser, List<String> held) {
    browser.click("pick-" + held.get(0));
    browser.click("pick-" + held.get(2));
    browser.choose("act-action", "HAND_OVER");
    browser.type("act-assignee", "wang");
    browser.type("act-reason", "asks the court");
    browser.click("preview");
    String both = text(amountOf(10) + amountOf(12));
    browser.awaitText("preview-sentence", "Hand over to wang: 2 credits, " + both);
    browser.click("cancel");
    browser.awaitCount("#preview-shown", 0);
    whatIsSaidOtherwiseTakesTheOfferBack(browser, held);
    browser.click("preview");
    browser.click("confirm");
    browser.awaitState("order-state", "DONE");
    browser.awaitText("listing", "wang");
    assertThat(browser.count("#listing tbody tr")).isEqualTo(3);
  }

  /**
   * What would be ordered is what was seen: another person, reason or credit is to be seen first.
   */
  private static void whatIsSaidOtherwiseTakesTheOfferBack(Browser browser, List<String> held) {
    browser.type("act-assignee", "anna");
    browser.click("preview");
    browser.awaitText("confirm", "Hand over to anna: 2");
    browser.type("act-assignee", "bob");
    browser.awaitCount("#confirm", 0);
    browser.type("act-assignee", "wang");
    browser.click("preview");
    browser.find("confirm");
    browser.type("act-reason", "asks the court again");
    browser.awaitCount("#confirm", 0);
    browser.click("preview");
    browser.find("confirm");
    browser.click("pick-" + held.get(1));
    browser.awaitCount("#confirm", 0);
    browser.click("pick-" + held.get(1));
  }

  private static void heldInBulk(Browser browser, Api api) {
    browser.choose("act-action", "HOLD");
    browser.choose("act-scope", "filter");
    browser.type("act-reason", "until the court has said");
    browser.click("preview");
    String all = text(amountOf(10) + amountOf(11) + amountOf(12));
    browser.awaitText("preview-sentence", "Hold: 3 credits, " + all);
    JsonNode before = api.get("/v1/exceptions?reason=OPERATOR_HOLD", Role.AUDITOR).json();
    assertThat(before.path("exceptions")).as("a preview changes nothing").isEmpty();
    browser.click("confirm");
    browser.awaitState("order-state", "DONE");
    browser.awaitText("progress", "3 of 3; " + all + " acted on.");
    browser.awaitText("empty", "Nothing waits that fits this filter");
  }

  private static void releasedInBulk(Browser browser) {
    browser.open("#/exceptions?reason=OPERATOR_HOLD");
    browser.awaitCount("#listing tbody tr", 3);
    browser.choose("act-scope", "filter");
    browser.type("act-reason", "法院已解除冻结");
    browser.click("preview");
    String all = text(amountOf(10) + amountOf(11) + amountOf(12));
    browser.awaitText("preview-sentence", "放行：3 笔，" + all);
    browser.click("confirm");
    browser.awaitState("order-state", "DONE");
    browser.awaitText("progress", "已完成");
  }

  @Test
  void a_rail_is_held_and_resumed_by_two_persons_in_two_browsers(World world) throws Exception {
    Api api = world.startNode(2);
    world.onboard(api, 1);
    try (Browser operator = Browser.at(api.port());
        Browser checker = Browser.at(api.port())) {
      operator.signIn(api.token(Role.OPERATOR));
      checker.signIn(api.token(Role.CHECKER));
      operator.open("#/rails");
      checker.open("#/rails");
      operator.awaitState("rail-state-sandbox", "RUNNING");
      checker.awaitLive();
      checker.onlyHears();

      propose(operator, "HOLD", "the bank asks us to stop");
      operator.awaitText("said", "waits for a checker");
      String hold = waiting(api);
      operator.awaitText("order-" + hold, "operator-1 proposes to hold this rail");
      assertThat(operator.has("approve-" + hold)).isFalse();
      checker.awaitText("order-" + hold, "the bank asks us to stop");
      checker.click("approve-" + hold);
      checker.awaitState("rail-state-sandbox", "HELD");
      operator.awaitState("rail-state-sandbox", "HELD");
      assertThat(checker.stayed()).isTrue();
      String credit = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
      assertThat(status(api, credit)).isEqualTo("UNPOSTED");

      operator.click("language");
      propose(operator, "RESUME", "银行已恢复");
      String early = waiting(api);
      operator.awaitText("order-" + early, "提议恢复此通道");
      checker.type("reason-" + early, "not yet");
      checker.click("reject-" + early);
      checker.awaitText("said", "Rejected; nothing has changed.");
      operator.awaitText("rail-orders", "not yet");
      propose(operator, "RESUME", "银行已恢复");
      String resume = waiting(api);
      checker.click("approve-" + resume);
      operator.awaitState("rail-state-sandbox", "RUNNING");
      world.settle();
      assertThat(status(api, credit)).isEqualTo("POSTED");
      assertThat(operator.complaints()).doesNotContain("Content Security Policy", "Uncaught");
    }
  }

  private static void propose(Browser operator, String order, String why) {
    operator.choose("what-sandbox", order);
    operator.type("why-sandbox", why);
    operator.click("propose-sandbox");
  }

  /** The order that waits for its second person. */
  private static String waiting(Api api) {
    return Awaitility.await("an order waits")
        .until(
            () ->
                api.get("/v1/rail-orders?state=PROPOSED", Role.AUDITOR)
                    .json()
                    .at("/orders/0/orderId")
                    .asText(),
            id -> !id.isEmpty());
  }

  private static String status(Api api, String credit) {
    return api.get("/v1/credits/" + credit, Role.AUDITOR).json().path("status").asText();
  }

  private static void setAccount(Api api, int merchant, String status) {
    String account =
        Applications.profile(api, merchant).at("/effective/account/accountId").asText();
    Api.Answer answer =
        api.put(
            "/v1/accounts/" + account + "/status",
            Role.OPERATOR,
            "{\"status\":\"" + status + "\",\"reason\":\"court order\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static long amountOf(int stan) {
    return (Long) Documents.sale(2, stan).get("amountMinor");
  }

  /** An amount as the console writes it, by other means than the console's. */
  private static String text(long minor) {
    return String.format(Locale.ROOT, "CNY %,.2f", BigDecimal.valueOf(minor, 2));
  }
}
