package dev.settle.router.cardchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.explanation.Reason;
import dev.settle.router.invariant.Witnesses.Booking;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The case that this product exists for. While it sells over two nodes, a merchant applies for
 * another settlement card five times: a good one, one in another's name, one that is blocked at the
 * bank, one without its papers, and a good one again. The pauses of the ten minutes are left out;
 * nothing in the router waits by their length.
 */
@ExtendWith(InvariantsHold.class)
class FiveCardChangesInTenMinutesIT {

  private static final int MERCHANTS = 3;
  private static final String HOLDER = "李 1";

  @Test
  void all_money_arrives_at_cards_that_were_in_effect_and_history_explains_each_credit(World world)
      throws Exception {
    long seed = Seeds.of(this);
    Random random = new Random(seed);
    List<Api> nodes = List.of(world.startNode(), world.startNode());
    Api office = nodes.get(0);
    world.onboard(office, MERCHANTS);
    String first = Documents.cardOf(1);
    Traffic traffic = Traffic.start(nodes, MERCHANTS, 3, 10, seed);

    String good = card(random, "");
    String one = verified(office, apply(office, good, HOLDER, ""));
    assertThat(profile(office).path("requested").path("account").path("last4").asText())
        .isEqualTo(last4(good));
    assertThat(profile(office).path("effective").path("account").path("last4").asText())
        .as("the old card stays in effect until the new one is approved")
        .isEqualTo(last4(first));
    assertThat(approve(office, one).path("inFlight").has("count")).isTrue();
    awaitPostedTo(world, good);

    String wrongName =
        apply(office, card(random, "0001"), HOLDER, "").path("cardChangeId").asText();
    awaitState(office, wrongName, "FAILED_VERIFICATION");
    assertThat(profile(office).path("effective").path("account").path("last4").asText())
        .isEqualTo(last4(good));

    String blocked = card(random, "0006");
    approve(office, verified(office, apply(office, blocked, HOLDER, "")));
    await("the bank's refusal freezes the account")
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () ->
                profile(office).path("effective").path("accountStatus").asText().equals("FROZEN"));
    await("money waits, and says why")
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> unposted(office).path("byReason").has("ACCOUNT_FROZEN"));
    assertThat(
            unposted(office)
                .path("byReason")
                .path("ACCOUNT_FROZEN")
                .path("explanation")
                .path("zh")
                .asText())
        .isEqualTo(Reason.ACCOUNT_FROZEN.chinese());

    Api.Answer incomplete = post(office, application(card(random, ""), HOLDER, "", "[]"));
    assertThat(incomplete.status()).isEqualTo(422);
    assertThat(incomplete.json().path("findings")).hasSizeGreaterThanOrEqualTo(2);

    String last = card(random, "");
    approve(office, verified(office, apply(office, last, HOLDER, "")));
    awaitPostedTo(world, last);
    traffic.stop();
    await("all money has arrived")
        .atMost(60, TimeUnit.SECONDS)
        .until(
            () ->
                world.queryLong("SELECT count(*) FROM credit_standing WHERE status <> 'POSTED'")
                    == 0);

    Map<String, Booking> books = new HashMap<>();
    world.booked().forEach(booking -> books.put(booking.endToEndId(), booking));
    assertThat(books).as("each credit is booked once").hasSize(traffic.sales());
    List<JsonNode> bindings = bindings(office);
    assertThat(bindings).as("the first card and three changes").hasSize(4);
    List<String> credits = creditsOf(world);
    int departed = 0;
    for (String creditId : credits) {
      JsonNode credit = office.get("/v1/credits/" + creditId, Role.AUDITOR).json();
      departed += explained(credit, bindings, books, List.of(first, good, last));
    }
    System.out.printf(
        "%d credits of the merchant, %d of them departed and went on, %d sales in all%n",
        credits.size(), departed, traffic.sales());
    assertThat(departed).as("credits that waited or were refused, and moved on").isPositive();
    for (Api node : nodes) {
      assertThat(node.getManagement("/metrics").body())
          .contains("settlement_superseded_dispatch_total 0.0");
    }
  }

  /** Reads a credit's history as a person would; 1 if the credit did not go the straight way. */
  private static int explained(
      JsonNode credit, List<JsonNode> bindings, Map<String, Booking> books, List<String> cards) {
    List<JsonNode> history = new ArrayList<>();
    credit.path("history").forEach(history::add);
    JsonNode end = history.get(history.size() - 1);
    assertThat(history.get(0).path("fact").asText()).isEqualTo("RECORDED");
    assertThat(end.path("fact").asText()).isEqualTo("POSTED");
    int attempt = 1;
    OffsetDateTime sentAt = null;
    for (JsonNode fact : history) {
      assertThat(fact.path("attempt").asInt())
          .as("attempts follow one another")
          .isIn(attempt, attempt + 1);
      attempt = fact.path("attempt").asInt();
      switch (fact.path("fact").asText()) {
        case "HELD", "REJECTED", "REROUTED" -> Reason.valueOf(fact.path("reason").asText());
        case "SENT" -> sentAt = OffsetDateTime.parse(fact.path("time").asText());
        default -> {}
      }
    }
    Booking booking = books.get(end.path("endToEndId").asText());
    assertThat(booking).as("the bank has booked " + end).isNotNull();
    assertThat(booking.account()).as("a card that was never blocked or another's").isIn(cards);
    assertThat(sentAt).isNotNull();
    assertThat(inEffect(bindings, sentAt))
        .as("the card in effect when it was claimed")
        .contains(last4(booking.account()));
    return history.size() > 3 ? 1 : 0;
  }

  /**
   * The cards in effect then. Two at the boundary itself: a binding's time is read inside its
   * commit, and what orders claim and change is the fence, which I3 checks.
   */
  private static List<String> inEffect(List<JsonNode> bindings, OffsetDateTime then) {
    List<String> cards = new ArrayList<>();
    for (JsonNode binding : bindings) {
      OffsetDateTime from = OffsetDateTime.parse(binding.path("effectiveFrom").asText());
      String to = binding.path("effectiveTo").asText(null);
      boolean begun = !then.isBefore(from.minusNanos(50_000_000));
      boolean ended = to != null && !then.isBefore(OffsetDateTime.parse(to).plusNanos(50_000_000));
      if (begun && !ended) {
        cards.add(binding.path("account").path("last4").asText());
      }
    }
    return cards;
  }

  private static List<String> creditsOf(World world) throws Exception {
    List<String> ids = new ArrayList<>();
    try (var connection = world.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT credit_id FROM credit WHERE merchant_id = 'M000001'")) {
      while (rows.next()) {
        ids.add(dev.settle.router.credit.CreditId.text(rows.getLong(1)));
      }
    }
    return ids;
  }

  private static void awaitPostedTo(World world, String card) {
    await("a sale is posted to " + last4(card))
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> world.booked().stream().anyMatch(b -> b.account().equals(card)));
  }

  private static JsonNode profile(Api api) {
    return api.get("/v1/merchants/M000001", Role.AUDITOR).json();
  }

  private static JsonNode unposted(Api api) {
    return api.get("/v1/merchants/M000001/unposted", Role.AUDITOR).json();
  }

  private static List<JsonNode> bindings(Api api) {
    List<JsonNode> bindings = new ArrayList<>();
    api.get("/v1/merchants/M000001/bindings", Role.AUDITOR)
        .json()
        .path("bindings")
        .forEach(bindings::add);
    return bindings;
  }

  private static JsonNode apply(Api api, String number, String holder, String extra) {
    Api.Answer answer =
        post(
            api,
            application(
                number,
                holder,
                extra,
                "[{\"kind\":\"IDENTITY\",\"ref\":\"doc-1\"},{\"kind\":\"BANK_ACCOUNT_PROOF\",\"ref\":\"doc-2\"}]"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  private static String application(String number, String holder, String extra, String documents) {
    return String.format(
        "{\"account\":{\"number\":\"%s\",\"bank\":\"102\",\"holder\":\"%s\",\"type\":\"PERSONAL\"},"
            + "\"effectiveFrom\":null,\"documents\":%s,\"reason\":\"NEW_CARD\"%s}",
        number, holder, documents, extra);
  }

  private static Api.Answer post(Api api, String body) {
    return api.post(
        "/v1/merchants/M000001/card-changes",
        Role.MAKER,
        "application/json",
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static String verified(Api api, JsonNode applied) {
    String id = applied.path("cardChangeId").asText();
    awaitState(api, id, "VERIFIED");
    return id;
  }

  private static void awaitState(Api api, String id, String state) {
    await(id + " is " + state)
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () ->
                api.get("/v1/card-changes/" + id, Role.MAKER)
                    .json()
                    .path("state")
                    .asText()
                    .equals(state));
  }

  private static JsonNode approve(Api api, String id) {
    Api.Answer answer =
        api.post(
            "/v1/card-changes/" + id + "/approve", Role.CHECKER, "application/json", new byte[0]);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("state").asText()).isEqualTo("EFFECTIVE");
    return answer.json();
  }

  private static String last4(String number) {
    return number.substring(number.length() - 4);
  }

  /** A card of bank 102 with a right check digit and this ending; "": none with a meaning. */
  private static String card(Random random, String ending) {
    while (true) {
      StringBuilder number = new StringBuilder("622202");
      while (number.length() < 19 - ending.length()) {
        number.append(random.nextInt(10));
      }
      number.append(ending);
      boolean plain = !ending.isEmpty() || number.charAt(15) > '1';
      if (plain && checks(number)) {
        return number.toString();
      }
    }
  }

  private static boolean checks(CharSequence number) {
    int sum = 0;
    for (int i = 0; i < number.length(); i++) {
      int digit = number.charAt(number.length() - 1 - i) - '0';
      int doubled = i % 2 == 0 ? digit : 2 * digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }
}
