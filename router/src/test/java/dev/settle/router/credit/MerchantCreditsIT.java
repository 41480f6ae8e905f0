package dev.settle.router.credit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BreaksInvariants;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class MerchantCreditsIT {

  private static final String CREDITS = "/v1/merchants/M000001/credits";

  @Test
  void every_credit_is_listed_once_the_newest_date_first_page_by_page(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    List<String> sold = new ArrayList<>();
    for (int day = 2; day >= 0; day--) {
      for (int stan = 1; stan <= 3; stan++) {
        // The second terminal is not the merchant's: what it sold is held, and listed as well.
        sold.add(0, sell(api, 1, "T0000001", day, stan));
        sold.add(0, sell(api, 1, "T0000002", day, stan));
      }
    }
    sell(api, 2, "T0000002", 0, 9);
    world.settle();

    List<String> listed = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = get(api, "?limit=4" + after);
      assertThat(page.path("complete").asBoolean()).isTrue();
      page.path("credits").forEach(one -> listed.add(one.path("creditId").asText()));
      after = page.path("next").isNull() ? "" : "&after=" + page.path("next").asText();
    } while (!after.isEmpty());
    assertThat(listed).containsExactlyElementsOf(sold);

    JsonNode newest = get(api, "?limit=2").path("credits");
    assertThat(newest.get(0).path("status").asText()).isEqualTo("HELD");
    assertThat(newest.get(0).path("reason").asText()).isEqualTo("TERMINAL_MISMATCH");
    assertThat(newest.get(0).path("account").isNull()).isTrue();
    JsonNode paid = newest.get(1);
    assertThat(paid.path("status").asText()).isEqualTo("POSTED");
    assertThat(paid.path("postedMinor").asLong()).isEqualTo(paid.path("amountMinor").asLong());
    assertThat(paid.at("/account/last4").asText()).isEqualTo(Documents.cardOf(1).substring(15));
    JsonNode ofTerminal = get(api, "?terminalId=T0000001&limit=5");
    assertThat(ofTerminal.path("credits").findValuesAsText("terminalId"))
        .hasSize(5)
        .containsOnly("T0000001");
    JsonNode rest =
        get(api, "?terminalId=T0000001&limit=5&after=" + ofTerminal.path("next").asText());
    assertThat(rest.path("credits")).hasSize(4);
    assertThat(rest.path("next").isNull()).isTrue();
  }

  @Test
  void what_is_asked_wrongly_is_named_and_nobody_is_mistaken_for_somebody(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    String other = sell(api, 2, "T0000002", 0, 1);
    Map<String, String> wrong =
        Map.of(
            "?after=C1",
            "after",
            "?after=" + other,
            "after",
            "?limit=0",
            "limit",
            "?limit=101",
            "limit",
            "?limit=x",
            "limit",
            "?terminalId=T-1",
            "terminalId");
    for (Map.Entry<String, String> one : wrong.entrySet()) {
      Api.Answer answer = api.get(CREDITS + one.getKey(), Role.AUDITOR);
      assertThat(answer.status()).as(one.getKey()).isEqualTo(422);
      assertThat(answer.json().path("field").asText()).isEqualTo(one.getValue());
    }
    assertThat(get(api, "").path("credits")).isEmpty();
    assertThat(api.get("/v1/merchants/M999999/credits", Role.AUDITOR).status()).isEqualTo(404);
    sell(api, 999_999, "T0000009", 0, 1);
    JsonNode unknown = api.get("/v1/merchants/M999999/credits", Role.AUDITOR).json();
    assertThat(unknown.at("/credits/0/reason").asText()).isEqualTo("UNKNOWN_MERCHANT");
  }

  @Test
  @BreaksInvariants
  void a_page_is_read_by_the_index_of_keys_however_long_the_book_is(World world) throws Exception {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    world.queryLong(
        "SELECT ensure_credit_partitions('" + today.minusDays(40) + "', '" + today + "')");
    world.execute(
        """
        INSERT INTO credit (credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan, binding_version,
                            merchant_id, terminal_id, acquirer_id, type, currency, rrn)
        SELECT n, 100, now(), NULL, date '%s' - (n %% 40)::integer, 1, n, 1, 'M' || lpad((n %% 200)::text, 6, '0'),
               'T' || (n %% 7), '48201000', 'SALE', 'CNY', '0' FROM generate_series(1, 60000) n
        """
            .formatted(today));
    world.execute("ANALYZE credit");
    String at = "'" + today + "'::date, 1, 50000, 'T1', 'SALE', '48201000'";
    assertNoScan(world, MerchantCreditsSql.FIRST, "'M000001', 50, 200");
    assertNoScan(world, MerchantCreditsSql.NEXT, "'M000001', 50, 200, " + at);
    assertNoScan(world, MerchantCreditsSql.FIRST_OF_TERMINAL, "'M000001', 50, 'T1'");
    assertNoScan(world, MerchantCreditsSql.NEXT_OF_TERMINAL, "'M000001', 50, 'T1', " + at);
  }

  private static void assertNoScan(World world, String query, String parameters) throws Exception {
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement()) {
      // As a connection that has asked often: with a plan that fits any merchant.
      statement.execute("SET plan_cache_mode = force_generic_plan");
      statement.execute("PREPARE page AS " + query);
      StringBuilder plan = new StringBuilder();
      try (ResultSet rows = statement.executeQuery("EXPLAIN EXECUTE page(" + parameters + ")")) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
      assertThat(plan.toString()).contains("Index").doesNotContain("Seq Scan on credit_2");
    }
  }

  private static String sell(Api api, int merchant, String terminal, int daysAgo, int stan) {
    Map<String, Object> sale = Documents.sale(merchant, stan);
    LocalDate date = LocalDate.now(ZoneOffset.UTC).minusDays(daysAgo);
    sale.put("terminalId", terminal);
    sale.put("localDate", date.toString());
    sale.put("capturedAt", date + "T08:00:00Z");
    Api.Answer answer = api.sell(Documents.json(sale));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().path("creditId").asText();
  }

  private static JsonNode get(Api api, String query) {
    Api.Answer answer = api.get(CREDITS + query, Role.AUDITOR);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }
}
