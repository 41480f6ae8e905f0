package dev.settle.router.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountId;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import dev.settle.sandbox.net.FreePort;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class AccountStatusIT {

  private static final String VERSION =
      "SELECT route_version FROM merchant WHERE merchant_id = 'M000001'";

  @Test
  void a_freeze_holds_new_sales_and_a_thaw_lets_them_through(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);

    JsonNode frozen = set(api, world, "FROZEN", 200);
    assertThat(frozen.path("accountId").asText()).isEqualTo(AccountId.text(world.accountOf(1)));
    assertThat(frozen.path("merchantId").asText()).isEqualTo("M000001");
    assertThat(frozen.path("status").asText()).isEqualTo("FROZEN");
    assertThat(frozen.path("version").asInt()).isEqualTo(2);
    assertThat(frozen.path("inFlight").path("count").asInt()).isZero();
    assertThat(frozen.path("inFlight").path("complete").asBoolean()).isTrue();
    JsonNode held = api.sell(Documents.saleJson(1, 1)).json();
    assertThat(held.path("status").asText()).isEqualTo("HELD");
    assertThat(held.path("reason").asText()).isEqualTo("ACCOUNT_FROZEN");

    assertThat(set(api, world, "ACTIVE", 200).path("version").asInt()).isEqualTo(3);
    assertThat(api.sell(Documents.saleJson(1, 2)).json().path("status").asText())
        .isEqualTo("UNPOSTED");
    world.settle();
    assertThat(
            world.queryText(
                "SELECT string_agg(status || ' ' || reason || ' ' || changed_by, ', ' ORDER BY fence_no)"
                    + " FROM account_status_change"))
        .isEqualTo(
            "ACTIVE onboarded operator-1, FROZEN the bank called operator-1, ACTIVE the bank called operator-1");
  }

  @Test
  void the_status_it_has_already_makes_no_new_version(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    JsonNode first = set(api, world, "CLOSED", 200);
    JsonNode again = set(api, world, "CLOSED", 200);

    assertThat(again).isEqualTo(first);
    assertThat(world.queryLong("SELECT count(*) FROM account_status_change")).isEqualTo(2);
    assertThat(world.queryLong(VERSION)).isEqualTo(2);
  }

  /** Not even by a detour: whoever could do this would go around the checker. */
  @Test
  void an_operator_cannot_make_an_unverified_account_active(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    set(api, world, "UNVERIFIED", 200);
    assertThat(set(api, world, "ACTIVE", 409).path("code").asText())
        .isEqualTo("verification-required");
    set(api, world, "FROZEN", 200);
    assertThat(set(api, world, "ACTIVE", 409).path("field").asText()).isEqualTo("status");
    assertThat(world.queryText("SELECT status FROM account")).isEqualTo("FROZEN");
    assertThat(world.queryLong(VERSION)).isEqualTo(3);

    assertThat(
            world.queryText(
                "SELECT outcome FROM set_account_status((SELECT account_id FROM account), 'ACTIVE', 'verified', 'checker', true)"))
        .isEqualTo("CHANGED");
    set(api, world, "FROZEN", 200);
    set(api, world, "ACTIVE", 200);
  }

  /** A node that was cut off may carry out late what nobody waits for any more. */
  @Test
  void an_order_given_by_an_older_version_changes_nothing(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    long decidedBy = world.queryLong(VERSION);
    String path = "/v1/accounts/" + AccountId.text(world.accountOf(1)) + "/status";
    String freeze = conditional("FROZEN", decidedBy);
    assertThat(api.put(path, Role.OPERATOR, freeze).status()).isEqualTo(200);
    String thaw = conditional("ACTIVE", decidedBy + 1);
    assertThat(api.put(path, Role.OPERATOR, thaw).status()).isEqualTo(200);
    assertThat(api.put(path, Role.OPERATOR, thaw).status()).as("what is so is so").isEqualTo(200);
    set(api, world, "FROZEN", 200);

    for (String late : new String[] {thaw, conditional("CLOSED", decidedBy)}) {
      Api.Answer answer = api.put(path, Role.OPERATOR, late);
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.json().path("code").asText()).isEqualTo("route-changed");
      assertThat(answer.json().path("field").asText()).isEqualTo("ifVersion");
    }
    assertThat(world.queryText("SELECT status FROM account")).isEqualTo("FROZEN");
    assertThat(world.queryLong(VERSION)).isEqualTo(decidedBy + 3);
    assertThat(api.put(path, Role.OPERATOR, conditional("ACTIVE", 0)).status()).isEqualTo(422);
  }

  private static String conditional(String status, long version) {
    return "{\"status\":\""
        + status
        + "\",\"reason\":\"the bank called\",\"ifVersion\":"
        + version
        + "}";
  }

  /** A new account has no history at all until it is verified. */
  @Test
  void an_account_without_a_history_counts_as_unverified(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    world.execute("DELETE FROM account_status_change");
    world.execute("UPDATE account SET status = 'CLOSED'");
    set(api, world, "ACTIVE", 409);
    world.execute("UPDATE account SET status = 'ACTIVE'");
  }

  @Test
  void a_freeze_answers_when_the_claim_in_flight_has_ended(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    for (String status : new String[] {"FROZEN", "FROZEN"}) {
      long before = world.queryLong(VERSION);
      try (Connection claim = world.connect()) {
        claim.setAutoCommit(false);
        claim
            .createStatement()
            .execute("SELECT pg_advisory_xact_lock_shared(7001, merchant_bucket('M000001'))");
        CompletableFuture<Api.Answer> freeze =
            CompletableFuture.supplyAsync(() -> put(api, world, status));
        Awaitility.await("the freeze waits for the claim")
            .atMost(Duration.ofSeconds(15))
            .until(
                () ->
                    world.queryLong(
                            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7001"
                                + " AND mode = 'ExclusiveLock' AND NOT granted")
                        == 1);
        assertThat(freeze).isNotDone();
        assertThat(world.queryLong(VERSION)).isEqualTo(before);
        claim.commit();
        assertThat(freeze.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
      }
    }
    assertThat(world.queryLong(VERSION)).isEqualTo(2);
  }

  @Test
  void it_says_what_is_on_its_way_to_the_account_already(World world) throws Exception {
    Api api = world.startNode(1, java.net.URI.create("http://127.0.0.1:" + FreePort.any()));
    world.onboard(api, 2);
    long amount = 0;
    for (int stan = 1; stan <= 3; stan++) {
      Map<String, Object> sale = Documents.sale(1, stan);
      amount += ((Number) sale.get("amountMinor")).longValue();
      api.sell(Documents.json(sale));
    }
    api.sell(Documents.saleJson(2, 9));
    Awaitility.await("nobody knows whether the bank paid")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                world.queryLong(
                        "SELECT coalesce(sum(credits), 0) FROM credit_batch WHERE state IN ('SENT', 'IN_DOUBT')")
                    == 4);

    JsonNode inFlight = set(api, world, "FROZEN", 200).path("inFlight");

    assertThat(inFlight.path("count").asInt()).isEqualTo(3);
    assertThat(inFlight.path("amountMinor").path("CNY").asLong()).isEqualTo(amount);
  }

  @Test
  void what_cannot_be_set_is_refused_with_the_field_at_fault(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String path = "/v1/accounts/" + AccountId.text(world.accountOf(1)) + "/status";
    for (Map.Entry<String, String> bad :
        Map.of(
                "{\"status\":\"COLD\",\"reason\":\"x\"}",
                "422 invalid-value status",
                "{\"reason\":\"x\"}",
                "422 missing-field status",
                "{\"status\":7,\"reason\":\"x\"}",
                "422 wrong-type status",
                "{\"status\":\"FROZEN\"}",
                "422 missing-field reason",
                "{\"status\":\"FROZEN\",\"reason\":\" \"}",
                "422 invalid-value reason",
                "{\"status\":\"FROZEN\",\"reason\":\"" + "x".repeat(141) + "\"}",
                "422 invalid-value reason",
                "{\"status\":\"FROZEN\",\"reason\":\"card 6222 0210 0000 0019 100\"}",
                "422 invalid-value reason",
                "{\"status\":\"FROZEN\",\"reason\":\"x\",\"by\":\"me\"}",
                "422 unknown-field by",
                "nonsense",
                "400 malformed-json ",
                "",
                "400 empty-body ")
            .entrySet()) {
      Api.Answer answer = api.put(path, Role.OPERATOR, bad.getKey());
      assertThat(
              answer.status()
                  + " "
                  + answer.json().path("code").asText()
                  + " "
                  + answer.json().path("field").asText())
          .as(bad.getKey())
          .isEqualTo(bad.getValue());
    }
    for (String nobody : new String[] {"AVVV", "A", "1", "%00", "A%27"}) {
      assertThat(
              api.put("/v1/accounts/" + nobody + "/status", Role.OPERATOR, body("FROZEN")).status())
          .as(nobody)
          .isEqualTo(404);
    }
    assertThat(api.post(path, Role.OPERATOR, "application/json", new byte[0]).status())
        .isEqualTo(405);
    assertThat(world.queryLong(VERSION)).isEqualTo(1);
    assertThat(AccountStatus.values()).hasSize(5);
  }

  private static JsonNode set(Api api, World world, String status, int expected) {
    Api.Answer answer = put(api, world, status);
    assertThat(answer.status()).as(answer.body()).isEqualTo(expected);
    return answer.json();
  }

  private static Api.Answer put(Api api, World world, String status) {
    try {
      return api.put(
          "/v1/accounts/" + AccountId.text(world.accountOf(1)) + "/status",
          Role.OPERATOR,
          body(status));
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String body(String status) {
    return "{\"status\":\"" + status + "\",\"reason\":\"the bank called\"}";
  }
}
