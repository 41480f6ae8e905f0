package dev.settle.router.merchant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class OnboardingIT {

  private static final String MERCHANTS = "/v1/merchants";

  @Test
  void a_merchant_is_onboarded_once_however_often_it_is_sent(World world) throws Exception {
    Api api = world.startNode(1);
    Api.Answer first = onboard(api, Documents.merchant(1));
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.json().path("outcome").asText()).isEqualTo("ONBOARDED");
    assertThat(first.json().path("account").path("accountId").asText()).matches("A[0-9A-V]+");
    for (int i = 0; i < 3; i++) {
      Api.Answer again = onboard(api, Documents.merchant(1));
      assertThat(again.status()).isEqualTo(200);
      assertThat(again.json().path("outcome").asText()).isEqualTo("REPLAYED");
      assertThat(again.json().path("account")).isEqualTo(first.json().path("account"));
    }
    assertThat(world.queryLong("SELECT count(*) FROM account")).isEqualTo(1);
  }

  @Test
  void the_same_merchant_registered_differently_is_refused_and_changes_nothing(World world)
      throws Exception {
    Api api = world.startNode(1);
    String good = Documents.merchant(1);
    onboard(api, good);
    JsonNode before = profile(api, "M000001");
    for (String other :
        List.of(
            good.replace("Shop 1", "Shop 2"),
            good.replace("5411", "5412"),
            good.replace("T0000001", "T0000002"),
            good.replace("[\"T0000001\"]", "[]"),
            good.replace(Documents.cardOf(1), Documents.cardOf(2)),
            good.replace("\"102\"", "\"103\""),
            good.replace("李 1", "王 1"),
            good.replace("PERSONAL", "CORPORATE"))) {
      Api.Answer answer = onboard(api, other);
      assertThat(answer.status()).as(other).isEqualTo(409);
      assertThat(answer.json().path("code").asText()).isEqualTo("merchant-conflict");
      assertThat(answer.json().path("field").asText()).isEqualTo("merchantId");
    }
    assertThat(profile(api, "M000001")).isEqualTo(before);
  }

  @Test
  void the_profile_keeps_what_is_requested_apart_from_what_is_in_force(World world)
      throws Exception {
    Api api = world.startNode(1);
    onboard(api, Documents.merchant(7));
    JsonNode profile = profile(api, "M000007");
    assertThat(names(profile))
        .containsExactly(
            "effective",
            "effectiveOfTerminals",
            "hold",
            "mcc",
            "merchantId",
            "name",
            "onHold",
            "onboardedAt",
            "requested",
            "routeVersion",
            "terminals");
    assertThat(profile.path("requested").isNull()).isTrue();
    JsonNode effective = profile.path("effective");
    assertThat(names(effective)).containsExactly("account", "accountStatus", "since", "version");
    assertThat(effective.path("accountStatus").asText()).isEqualTo("ACTIVE");
    JsonNode account = effective.path("account");
    assertThat(names(account)).containsExactly("accountId", "bank", "holder", "last4", "type");
    assertThat(account.path("last4").asText()).isEqualTo(Documents.cardOf(7).substring(15));
    assertThat(account.path("holder").asText()).isEqualTo("李 7");
    assertThat(api.get(MERCHANTS + "/M000008", Role.AUDITOR).status()).isEqualTo(404);
  }

  @Test
  void a_bad_line_fails_alone_and_names_its_field(World world) throws Exception {
    Api api = world.startNode(1);
    onboard(api, Documents.merchant(9));
    List<String> lines =
        List.of(
            Documents.merchant(1),
            Documents.merchant(2).replace("5411", "food"),
            "nonsense",
            Documents.merchant(9),
            Documents.merchant(9).replace("5411", "5412"),
            "{\"merchantId\":\"" + "x".repeat(300_000) + "\"}",
            Documents.merchant(3));
    List<JsonNode> answers = api.onboardBulk(String.join("\n", lines));
    assertThat(answers.stream().map(answer -> answer.path("outcome").asText()))
        .containsExactly(
            "ONBOARDED", "REFUSED", "REFUSED", "REPLAYED", "CONFLICT", "REFUSED", "ONBOARDED");
    assertThat(answers.stream().map(answer -> answer.path("line").asInt()))
        .containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(answers.get(1).path("field").asText()).isEqualTo("mcc");
    assertThat(answers.get(1).path("code").asText()).isEqualTo("invalid-value");
    assertThat(answers.get(2).path("code").asText()).isEqualTo("malformed-json");
    assertThat(answers.get(4).path("code").asText()).isEqualTo("merchant-conflict");
    assertThat(answers.get(5).path("code").asText()).isEqualTo("line-too-long");
    assertThat(
            world.queryText(
                "SELECT string_agg(merchant_id, ',' ORDER BY merchant_id) FROM merchant"))
        .isEqualTo("M000001,M000003,M000009");
  }

  /** The lines of problems look the same on both bulk routes. */
  @Test
  void a_line_that_is_refused_has_the_members_of_the_contract(World world) throws Exception {
    Api api = world.startNode(1);
    List<JsonNode> merchant = api.onboardBulk("{}");
    List<JsonNode> sale = api.sellBulk(List.of("{}"));
    assertThat(names(merchant.get(0))).isEqualTo(names(sale.get(0)));
  }

  @Test
  void thousands_are_onboarded_in_order_and_each_can_sell(World world) throws Exception {
    Api api = world.startNode(2);
    world.onboard(api, 2_000);
    assertThat(world.queryLong("SELECT count(*) FROM merchant")).isEqualTo(2_000);
    assertThat(api.sell(Documents.saleJson(2_000, 1)).json().path("status").asText())
        .isEqualTo("UNPOSTED");
  }

  @Test
  void an_account_number_goes_in_and_never_comes_out(World world) throws Exception {
    Api api = world.startNode(1);
    String number = Documents.cardOf(1);
    List<Api.Answer> answers = new ArrayList<>();
    answers.add(onboard(api, Documents.merchant(1)));
    answers.add(onboard(api, Documents.merchant(1)));
    answers.add(onboard(api, Documents.merchant(1).replace("5411", "1")));
    answers.add(onboard(api, Documents.merchant(1).replace("5411", "5412")));
    answers.add(onboard(api, Documents.merchant(2, number + "!")));
    answers.add(onboard(api, Documents.merchant(2).replace("\"number\"", "\"" + number + "\"")));
    answers.add(onboard(api, number));
    Api.Answer sold = api.sell(Documents.saleJson(1, 1));
    answers.add(sold);
    world.settle();
    answers.add(api.get(MERCHANTS + "/M000001", Role.AUDITOR));
    answers.add(api.get("/v1/credits/" + sold.json().path("creditId").asText(), Role.AUDITOR));
    answers.add(api.get("/v1/unposted", Role.AUDITOR));
    answers.add(api.getManagement("/metrics"));
    assertThat(answers)
        .extracting(Api.Answer::body)
        .allSatisfy(body -> assertThat(body).doesNotContain(number));
    assertThat(api.sell(Documents.saleJson(1, 2).replace("\"stan\"", "\"" + number + "\"")).body())
        .contains("unknown-field")
        .doesNotContain(number);
    assertThat(rowsThatHold(world, "李 1")).as("the search finds what is there").contains("account");
    assertThat(rowsThatHold(world, number)).isEmpty();
    assertThat(rowsThatHold(world, HexFormat.of().formatHex(number.getBytes(UTF_8)))).isEmpty();
  }

  /** The tables with a row whose text, binary columns as hex, holds {@code text}. */
  private static List<String> rowsThatHold(World world, String text) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement()) {
      List<String> all = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace")) {
        while (rows.next()) {
          all.add(rows.getString(1));
        }
      }
      assertThat(all).contains("account", "merchant", "credit", "credit_batch");
      for (String table : all) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM \""
                    + table
                    + "\" t WHERE position('"
                    + text
                    + "' IN t::text) > 0")) {
          rows.next();
          if (rows.getLong(1) > 0) {
            tables.add(table);
          }
        }
      }
    }
    return tables;
  }

  private static Api.Answer onboard(Api api, String merchant) {
    return api.post(MERCHANTS, Role.MAKER, "application/json", merchant.getBytes(UTF_8));
  }

  private static JsonNode profile(Api api, String merchantId) {
    Api.Answer answer = api.get(MERCHANTS + "/" + merchantId, Role.CHECKER);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  private static TreeSet<String> names(JsonNode json) {
    TreeSet<String> names = new TreeSet<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
