package dev.settle.router.console;

import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.cardEndingIn;
import static dev.settle.router.cardchange.Applications.verified;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.cardchange.Applications;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Browser;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How the pages look, with data on each: nothing is cut on a desk or a phone, in either language.
 * With {@code -Dsettle.regenerate=true} the pictures of {@code docs/console} are taken anew; that
 * needs a font with Chinese characters on the machine.
 */
@ExtendWith(InvariantsHold.class)
class ConsolePagesIT {

  private static final boolean PICTURES = Boolean.getBoolean("settle.regenerate");
  private static final Path FOLDER = Path.of("../docs/console");
  private static final int DESK = 1280;
  private static final int PHONE = 360;
  private static final List<String> LANGUAGES = List.of("en", "zh");

  @Test
  void every_page_fits_a_desk_and_a_phone_in_both_languages(World world) throws Exception {
    List<Api> nodes = List.of(world.startNode(1), world.startNode(1));
    Api api = nodes.get(0);
    try (Street street = Street.open(world, nodes);
        Browser browser = Browser.at(api.port())) {
      Map<String, String> pages = pages(api);
      browser.signIn(api.token(Role.OPERATOR));
      street.playFor(PICTURES ? 110 : 2);
      look(browser, pages);
      browser.click("sign-out");
      browser.signIn(api.token(Role.CHECKER));
      look(browser, ofCheckers(api));
      assertThat(browser.complaints()).doesNotContain("Content Security Policy", "Uncaught");
    }
  }

  private static void look(Browser browser, Map<String, String> pages) throws Exception {
    for (String language : LANGUAGES) {
      for (int wide : List.of(DESK, PHONE)) {
        browser.asWide(wide, 800);
        for (Map.Entry<String, String> page : pages.entrySet()) {
          shown(browser, page.getKey(), page.getValue());
          assertThat(browser.cut()).as(page.getKey() + " " + language + " " + wide).isEmpty();
          if (PICTURES) {
            pictures(browser, page.getKey(), language, wide);
          }
        }
      }
      browser.click("language");
    }
    browser.asWide(DESK, 800);
  }

  private static void shown(Browser browser, String name, String address) {
    browser.open(address);
    browser.find("body");
    browser.awaitLive();
    if (name.equals("exceptions")) {
      browser.click("pick-all");
      browser.type("act-reason", "4711");
      browser.choose("act-action", "HOLD");
      browser.click("preview");
      browser.find("preview-shown");
    }
  }

  private static void pictures(Browser browser, String name, String language, int wide)
      throws Exception {
    if (wide == PHONE) {
      if (language.equals("en")) {
        browser.shoot(FOLDER.resolve(name + "-phone.png"));
      }
      return;
    }
    for (String colours : List.of("light", "dark")) {
      browser.shoot(FOLDER.resolve(name + "-" + language + "-" + colours + ".png"));
      browser.click("theme");
    }
  }

  /** Each page's name and address, after what it is to show has been done. */
  private static Map<String, String> pages(Api api) throws Exception {
    assertThat(Applications.changed(api, 1, Applications.of(1, card(1))).status()).isEqualTo(200);
    verified(api, Street.FROZEN, Applications.of(Street.FROZEN, card(Street.FROZEN)));
    verified(api, 2, Applications.of(2, card(2)));
    verified(api, 3, Applications.of(3, card(3)));
    Applications.submit(api, 4, Applications.of(4, cardEndingIn("0001")));
    propose(api, "the bank asks us to stop until its books are right");
    String credit = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();
    String held =
        api.get("/v1/exceptions", Role.AUDITOR).json().at("/exceptions/0/creditId").asText();
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("now", "#/now");
    pages.put("merchant", "#/merchant/" + World.merchantId(Street.FROZEN));
    pages.put("credit", "#/credit/" + credit);
    pages.put("exceptions", "#/exceptions");
    pages.put("exception", "#/exceptions/" + held);
    return pages;
  }

  private static Map<String, String> ofCheckers(Api api) {
    String change =
        api.get("/v1/card-changes", Role.AUDITOR).json().at("/cardChanges/0/cardChangeId").asText();
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("changes", "#/changes");
    pages.put("change", "#/changes/" + change);
    pages.put("rails", "#/rails");
    return pages;
  }

  private static void propose(Api api, String why) {
    String order = "{\"order\":\"HOLD\",\"reason\":\"" + why + "\"}";
    Api.Answer answer =
        api.post(
            "/v1/rails/sandbox/orders", Role.OPERATOR, "application/json", order.getBytes(UTF_8));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }
}
