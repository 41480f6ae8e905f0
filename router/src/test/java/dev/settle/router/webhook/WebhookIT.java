package dev.settle.router.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BankControl;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.SignedNotices;
import dev.settle.router.testing.World;
import dev.settle.router.webhook.Receiver.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Merchants and acquirers are told what becomes of their money. */
@ExtendWith(InvariantsHold.class)
class WebhookIT {

  /** A card whose bank accepts, and returns the money some seconds later. */
  private static final String RETURNED = "6222021000000010010";

  private static void freeze(World world, Api api, String status) throws Exception {
    String account = dev.settle.router.binding.AccountId.text(world.accountOf(1));
    Api.Answer set =
        api.put(
            "/v1/accounts/" + account + "/status",
            Role.OPERATOR,
            "{\"status\":\"" + status + "\",\"reason\":\"a court asked\"}");
    assertThat(set.status()).as(set.body()).isEqualTo(200);
  }

  private static void sell(Api api, int merchant, int from, int to) {
    for (int stan = from; stan <= to; stan++) {
      assertThat(api.sell(Documents.saleJson(merchant, stan)).status()).isEqualTo(201);
    }
  }

  private static List<String> texts(List<JsonNode> events, String field) {
    return events.stream().map(event -> event.path(field).asText()).toList();
  }

  private static void assertNumbered(List<JsonNode> events) {
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).path("no").asLong()).isEqualTo(i + 1);
    }
    assertThat(texts(events, "eventId")).doesNotHaveDuplicates();
  }

  @Test
  void posted_held_returned_and_the_new_card_are_told_signed_and_in_order(World world)
      throws Exception {
    Api api = world.startNode(1);
    Hooks hooks = new Hooks(api);
    try (Receiver shop = new Receiver();
        Receiver acquirer = new Receiver()) {
      world.onboard(api, 1);
      api.onboardBulk(Documents.merchant(2, RETURNED) + "\n");
      new BankControl(world.bankPort())
          .notify(SignedNotices.address(api), SignedNotices.secretOf(world));
      sell(api, 1, 1, 1);
      world.settle();
      JsonNode hook = hooks.create(shop.url());
      JsonNode whole = hooks.create("\"acquirerId\":\"48201000\"", acquirer.url());

      sell(api, 1, 2, 11);
      shop.await("ten are posted", r -> r.events("credit.posted").size() == 10);
      freeze(world, api, "FROZEN");
      sell(api, 1, 12, 12);
      shop.await("one is held", r -> r.events("credit.held").size() == 1);
      freeze(world, api, "ACTIVE");
      shop.await("and goes on", r -> r.events("credit.posted").size() == 11);
      world.bind("M000001", "", world.addAccount(1, Documents.cardOf(77)));
      shop.await("the card has changed", r -> r.events("card-change.effective").size() == 1);
      sell(api, 2, 13, 13);
      acquirer.await("one came back", r -> r.events("credit.returned").size() == 1);

      assertNumbered(shop.events());
      assertNumbered(acquirer.events());
      assertThat(texts(shop.events(), "merchantId")).containsOnly("M000001");
      assertThat(texts(shop.events(), "type"))
          .endsWith("credit.posted", "credit.held", "credit.posted", "card-change.effective");
      assertThat(texts(acquirer.events(), "type"))
          .doesNotContain("card-change.effective")
          .endsWith("credit.posted", "credit.returned");
      // What happened before the webhook was made is not told.
      assertThat(shop.events("credit.posted"))
          .extracting(event -> event.path("transaction").path("stan").asText())
          .doesNotContain("000001");

      JsonNode posted =
          shop.events("credit.posted").stream()
              .filter(event -> event.path("transaction").path("stan").asText().equals("000002"))
              .findFirst()
              .orElseThrow();
      assertThat(posted.path("postedMinor").asLong())
          .isEqualTo(Documents.sale(1, 2).get("amountMinor"));
      assertThat(posted.path("creditId").asText()).startsWith("C0");
      JsonNode held = shop.events("credit.held").get(0);
      assertThat(held.path("reason").asText()).isEqualTo("ACCOUNT_FROZEN");
      assertThat(held.path("explanation").path("whoActs").asText()).isEqualTo("MERCHANT");
      assertThat(shop.events("credit.posted").get(10).path("creditId"))
          .isEqualTo(held.path("creditId"));
      JsonNode returned = acquirer.events("credit.returned").get(0);
      assertThat(returned.path("returnedMinor").asLong())
          .isEqualTo(Documents.sale(2, 13).get("amountMinor"));
      JsonNode changed = shop.events("card-change.effective").get(0);
      assertThat(changed.path("account").path("last4").asText())
          .isEqualTo(Documents.cardOf(77).substring(Documents.cardOf(77).length() - 4));

      String secret = hook.path("secret").asText();
      String another = whole.path("secret").asText();
      for (Received message : shop.received()) {
        assertThat(message.isSignedWith(secret)).isTrue();
        assertThat(message.isSignedWith(another)).isFalse();
        assertThat(
                new Received(
                        message.id(), message.seconds(), message.signatures(), message.body() + " ")
                    .isSignedWith(secret))
            .isFalse();
        assertThat(message.body()).doesNotContain(Documents.cardOf(77), Documents.cardOf(1));
      }
      assertThat(
              world.queryLong(
                  "SELECT count(*) FROM webhook_feed WHERE told_to > now() - interval '1 minute'"))
          .isEqualTo(1);
    }
  }

  @Test
  void a_receiver_fetches_what_it_lost_and_is_sent_it_again(World world) throws Exception {
    Api api = world.startNode(1);
    Hooks hooks = new Hooks(api);
    try (Receiver shop = new Receiver()) {
      world.onboard(api, 1);
      JsonNode made = hooks.create(shop.url());
      String id = made.path("webhookId").asText();
      sell(api, 1, 1, 5);
      shop.await("all are told", r -> r.events().size() == 5);
      List<JsonNode> told = shop.events();

      JsonNode page = api.get("/v1/webhooks/" + id + "/events?after=2", Role.AUDITOR).json();
      List<JsonNode> fetched = new ArrayList<>();
      page.path("events").forEach(fetched::add);
      assertThat(fetched).isEqualTo(told.subList(2, 5));
      assertThat(page.path("nextAfter").asLong()).isEqualTo(5);

      int before = shop.received().size();
      hooks.act(id, "redeliver", "{\"after\":0}");
      Awaitility.await("all are sent again")
          .atMost(Receiver.PATIENCE)
          .until(() -> sentAfter(shop, before).equals(texts(told, "eventId")));
      Api.Answer refused = hooks.send("/" + id + "/redeliver", "{\"after\":6}");
      assertThat(refused.status()).as(refused.body()).isEqualTo(422);
      assertThat(refused.json().path("field").asText()).isEqualTo("after");
    }
  }

  private static List<String> sentAfter(Receiver shop, int before) {
    List<String> sent = new ArrayList<>();
    shop.received().stream()
        .skip(before)
        .forEach(
            message -> message.events().forEach(event -> sent.add(event.path("eventId").asText())));
    return sent;
  }

  private static List<String> signedWith(Received message, String... secrets) {
    return java.util.Arrays.stream(secrets).filter(message::isSignedWith).toList();
  }

  @Test
  void a_secret_is_shown_once_kept_encrypted_and_replaced_without_a_gap(World world)
      throws Exception {
    Api api = world.startNode(1);
    Hooks hooks = new Hooks(api);
    try (Receiver shop = new Receiver()) {
      world.onboard(api, 1);
      JsonNode made = hooks.create(shop.url());
      String id = made.path("webhookId").asText();
      String first = made.path("secret").asText();
      assertThat(hooks.get(id).has("secret")).isFalse();
      byte[] key = java.util.Base64.getDecoder().decode(first.substring("whsec_".length()));
      assertThat(
              world.queryLong(
                  "SELECT count(*) FROM webhook_secret WHERE position('\\x"
                      + java.util.HexFormat.of().formatHex(key)
                      + "'::bytea IN cipher) > 0"))
          .isZero();

      String second = hooks.act(id, "rotate-secret").path("secret").asText();
      hooks.act(id, "test");
      shop.await("a test came", r -> r.events("webhook.test").size() == 1);
      assertThat(shop.received().get(0).isSignedWith(first)).isTrue();
      assertThat(shop.received().get(0).isSignedWith(second)).isTrue();

      String third = hooks.act(id, "rotate-secret").path("secret").asText();
      hooks.act(id, "test");
      shop.await("another came", r -> r.events("webhook.test").size() == 2);
      Map<String, Boolean> good = new HashMap<>();
      for (String secret : List.of(first, second, third)) {
        good.put(secret, shop.received().get(1).isSignedWith(secret));
      }
      // Had the second been lost on its way, the receiver would still have the first.
      assertThat(good).isEqualTo(Map.of(first, true, second, true, third, true));

      String fourth = hooks.act(id, "rotate-secret", "{}").path("secret").asText();
      String fifth =
          hooks.act(id, "rotate-secret", "{\"endOthers\":false}").path("secret").asText();
      hooks.act(id, "test");
      shop.await("the next came", r -> r.events("webhook.test").size() == 3);
      assertThat(signedWith(shop.received().get(2), first, second, third, fourth, fifth))
          .containsExactly(second, third, fourth, fifth);
      String sixth = hooks.act(id, "rotate-secret", "{\"endOthers\":true}").path("secret").asText();
      hooks.act(id, "test");
      shop.await("the last came", r -> r.events("webhook.test").size() == 4);
      assertThat(signedWith(shop.received().get(3), second, third, fourth, fifth, sixth))
          .containsExactly(sixth);
      assertThat(hooks.send("/" + id + "/rotate-secret", "{\"endOthers\":1}").status())
          .isEqualTo(422);

      hooks.act(id, "pause");
      hooks.act(id, "resume");
      hooks.act(id, "retire");
      List<String> history = new ArrayList<>();
      hooks
          .get(id)
          .path("history")
          .forEach(
              change ->
                  history.add(change.path("what").asText() + " " + change.path("by").asText()));
      assertThat(history)
          .containsExactly(
              "RETIRED maker-1",
              "RESUMED maker-1",
              "PAUSED maker-1",
              "TEST maker-1",
              "SECRET_ROTATED maker-1",
              "TEST maker-1",
              "SECRET_ROTATED maker-1",
              "SECRET_ROTATED maker-1",
              "TEST maker-1",
              "SECRET_ROTATED maker-1",
              "TEST maker-1",
              "SECRET_ROTATED maker-1",
              "CREATED maker-1");
      assertThat(hooks.send("/" + id + "/resume", "").status()).isEqualTo(409);
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> world.execute("UPDATE webhook SET url = 'https://evil.example/'"))
          .hasMessageContaining("does not change");
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> world.execute("DELETE FROM webhook_change"))
          .hasMessageContaining("append-only");
    }
  }

  @Test
  void nothing_is_sent_to_an_address_that_is_none_of_the_public_network(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    for (String url :
        List.of(
            "https://169.254.169.254/latest",
            "https://[::1]/",
            "https://2130706433/",
            "http://shop.example/",
            "https://user@shop.example/",
            "https://shop.example:22/",
            "https://no-such-host.invalid/")) {
      Api.Answer refused =
          new Hooks(api).send("", "{\"merchantId\":\"M000001\",\"url\":\"" + url + "\"}");
      assertThat(refused.status()).as(url).isEqualTo(422);
      assertThat(refused.json().path("code").asText()).isEqualTo("webhook-destination");
      assertThat(refused.body()).doesNotContain("169.254", "no-such-host");
    }
    for (String number : List.of(RETURNED, "6222%30210000000010010", "DE89370400440532013000")) {
      Api.Answer refused =
          new Hooks(api)
              .send(
                  "",
                  "{\"merchantId\":\"M000001\",\"url\":\"https://shop.example/?of="
                      + number
                      + "\"}");
      assertThat(refused.status()).as(number).isEqualTo(422);
      assertThat(refused.json().path("field").asText()).isEqualTo("url");
      assertThat(refused.body()).contains("account number").doesNotContain(number);
    }
    assertThat(world.queryLong("SELECT count(*) FROM webhook")).isZero();
  }
}
