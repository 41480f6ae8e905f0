package dev.settle.router.credit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import dev.settle.sandbox.net.FreePort;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class MerchantUnpostedIT {

  private static final String STANDING =
      """
      SELECT reason, currency, count(*) AS credits, sum(amount_minor) AS minor
      FROM credit_standing WHERE merchant_id = 'M000001' AND posted_minor = 0 GROUP BY reason, currency
      """;

  @Test
  void nothing_is_unposted_of_one_whose_money_has_arrived(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    api.sell(Documents.saleJson(1, 1));
    world.settle();

    JsonNode answer = get(api, "M000001");

    assertThat(answer.path("count").asLong()).isZero();
    assertThat(answer.path("amountMinor")).isEmpty();
    assertThat(answer.path("byReason")).isEmpty();
    assertThat(answer.path("sentence").path("en").asText()).isEqualTo("Everything is posted.");
  }

  @Test
  void held_refused_and_queued_credits_add_up_to_what_the_book_says(World world) throws Exception {
    Api api = world.startNode(1);
    // The bank refuses this card.
    api.onboardBulk(Documents.merchant(1, "6222021000000010001"));
    api.sellBulk(sales(0, 5, sale -> {}));
    world.settle();
    api.sellBulk(sales(10, 3, sale -> sale.put("terminalId", "T9")));
    api.sellBulk(sales(20, 1, sale -> sale.put("currency", "JPY")));
    world.settle();
    try (Connection change = world.connect()) {
      // As while a route is changed: nothing is claimed, what comes in queues.
      change.setAutoCommit(false);
      change
          .createStatement()
          .execute("SELECT pg_advisory_xact_lock(7001, merchant_bucket('M000001'))");
      api.sellBulk(sales(30, 4, sale -> {}));

      JsonNode answer = get(api, "M000001");

      assertAgrees(world, answer);
      assertThat(answer.path("complete").asBoolean()).isTrue();
      JsonNode byReason = answer.path("byReason");
      assertThat(byReason.path("NAME_MISMATCH").path("count").asLong()).isEqualTo(6);
      assertThat(byReason.path("TERMINAL_MISMATCH").path("count").asLong()).isEqualTo(3);
      assertThat(byReason.path("QUEUED").path("count").asLong()).isEqualTo(4);
      JsonNode refused = byReason.path("NAME_MISMATCH");
      assertThat(refused.path("explanation").path("zh").asText()).contains("户名");
      assertThat(refused.path("oldest")).isEqualTo(refused.path("explanation").path("since"));
      change.rollback();
    }
    world.settle();
    assertAgrees(world, get(api, "M000001"));
  }

  @Test
  void what_is_on_its_way_counts_until_the_bank_has_answered(World world) throws Exception {
    Api api = world.startNode(1, java.net.URI.create("http://127.0.0.1:" + FreePort.any()));
    world.onboard(api, 2);
    api.sellBulk(sales(0, 3, sale -> {}));
    api.sell(Documents.saleJson(2, 9));
    Awaitility.await("nobody knows whether the bank paid")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                world.queryLong(
                        "SELECT coalesce(sum(credits), 0) FROM credit_batch WHERE state = 'IN_DOUBT'")
                    == 4);
    JsonNode answer = get(api, "M000001");
    assertAgrees(world, answer);
    assertThat(answer.path("byReason").path("IN_DOUBT").path("count").asLong()).isEqualTo(3);
  }

  @Test
  void what_is_held_in_an_unknown_merchants_name_is_found_and_nothing_else(World world)
      throws Exception {
    Api api = world.startNode(1);
    assertThat(api.get("/v1/merchants/M000077/unposted", Role.MAKER).status()).isEqualTo(404);
    api.sell(Documents.saleJson(77, 1));
    assertThat(get(api, "M000077").path("byReason").has("UNKNOWN_MERCHANT")).isTrue();
    for (String nobody : new String[] {"M000078", "%00", "M-1", "M0000000000000000"}) {
      assertThat(api.get("/v1/merchants/" + nobody + "/unposted", Role.MAKER).status())
          .as(nobody)
          .isEqualTo(404);
    }
  }

  /** The answer against the derivation of every single credit. */
  private static void assertAgrees(World world, JsonNode answer) throws Exception {
    Map<String, Long> book = new TreeMap<>();
    long count = 0;
    try (Connection connection = world.connect();
        ResultSet rows = connection.createStatement().executeQuery(STANDING)) {
      while (rows.next()) {
        count += rows.getLong("credits");
        book.put(
            rows.getString("reason") + " " + rows.getString("currency"), rows.getLong("minor"));
        book.merge(rows.getString("reason"), rows.getLong("credits"), Long::sum);
      }
    }
    Map<String, Long> told = new TreeMap<>();
    Map<String, Long> sums = new TreeMap<>();
    answer
        .path("byReason")
        .fields()
        .forEachRemaining(
            reason -> {
              told.put(reason.getKey(), reason.getValue().path("count").asLong());
              reason
                  .getValue()
                  .path("amountMinor")
                  .fields()
                  .forEachRemaining(
                      amount -> {
                        long minor = amount.getValue().asLong();
                        told.put(reason.getKey() + " " + amount.getKey(), minor);
                        sums.merge(amount.getKey(), minor, Long::sum);
                      });
            });
    assertThat(told).isEqualTo(book);
    assertThat(answer.path("count").asLong()).isEqualTo(count);
    sums.forEach(
        (currency, minor) ->
            assertThat(answer.path("amountMinor").path(currency).asLong()).isEqualTo(minor));
    assertThat(answer.path("sentence").path("en").asText())
        .startsWith("CNY ")
        .contains(" of " + count + " sales are not posted. ");
    assertThat(answer.path("sentence").path("zh").asText()).startsWith(count + " 笔交易共 人民币 ");
  }

  private static List<String> sales(int from, int count, Consumer<Map<String, Object>> edit) {
    List<String> sales = new ArrayList<>();
    for (int stan = from; stan < from + count; stan++) {
      Map<String, Object> sale = Documents.sale(1, stan);
      edit.accept(sale);
      sales.add(Documents.json(sale));
    }
    return sales;
  }

  private static JsonNode get(Api api, String merchantId) {
    Api.Answer answer = api.get("/v1/merchants/" + merchantId + "/unposted", Role.AUDITOR);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }
}
