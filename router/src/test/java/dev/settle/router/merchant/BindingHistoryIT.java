package dev.settle.router.merchant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountId;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class BindingHistoryIT {

  private static final String BINDINGS = "/v1/merchants/M000001/bindings";

  @Test
  void at_each_instant_one_account_was_in_force_and_the_history_says_which(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    List<Long> accounts = new ArrayList<>(List.of(world.accountOf(1)));
    for (int change = 1; change <= 5; change++) {
      accounts.add(world.addAccount(1, "622202900000001900" + change));
      world.bind("M000001", "", accounts.get(change));
    }
    World.await(world.bindings().setStatus(accounts.get(5), AccountStatus.FROZEN, "test", "test"));

    JsonNode history = get(api, "");
    assertThat(history.path("merchantId").asText()).isEqualTo("M000001");
    assertThat(history.path("nextBefore").isNull()).isTrue();
    assertThat(history.findValuesAsText("version")).containsExactly("6", "5", "4", "3", "2", "1");
    JsonNode newest = history.path("bindings").get(0);
    assertThat(newest.path("effectiveTo").isNull()).isTrue();
    assertThat(newest.path("accountStatus").asText()).isEqualTo("FROZEN");
    assertThat(newest.path("terminalId").isNull()).isTrue();
    assertThat(newest.path("account").toString()).doesNotContain("6222029000000019005");
    for (int i = 0; i < 6; i++) {
      JsonNode binding = history.path("bindings").get(5 - i);
      assertThat(binding.path("account").path("accountId").asText())
          .isEqualTo(AccountId.text(accounts.get(i)));
      String from = binding.path("effectiveFrom").asText();
      assertInForce(api, from, accounts.get(i));
      if (i > 0) {
        assertThat(history.path("bindings").get(6 - i).path("effectiveTo").asText())
            .isEqualTo(from);
        assertInForce(api, Instant.parse(from).minusNanos(1_000).toString(), accounts.get(i - 1));
      }
    }
    assertThat(get(api, "?asOf=2020-01-01T00:00:00Z").path("bindings")).isEmpty();
    assertInForce(api, "2020-01-01T00:00:00Z".replace("2020", "2999"), accounts.get(5));
  }

  @Test
  void a_terminal_of_its_own_goes_before_the_merchants(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    long own = world.addAccount(1, "6222029000000019001");
    world.bind("M000001", "T0000001", own);
    String now = "asOf=" + Instant.now().plusSeconds(60);

    assertThat(get(api, "?" + now).path("bindings")).hasSize(2);
    JsonNode ofTerminal = get(api, "?terminalId=T0000001&" + now).path("bindings");
    assertThat(ofTerminal).hasSize(1);
    assertThat(ofTerminal.get(0).path("terminalId").asText()).isEqualTo("T0000001");
    JsonNode ofAnother = get(api, "?terminalId=T7&" + now).path("bindings");
    assertThat(ofAnother.findValuesAsText("version")).containsExactly("1");
    assertThat(get(api, "?terminalId=T0000001").findValuesAsText("version"))
        .containsExactly("2", "1");
    JsonNode profile = api.get("/v1/merchants/M000001", Role.MAKER).json();
    assertThat(profile.path("effective").path("version").asInt()).isEqualTo(1);
    JsonNode override = profile.path("effectiveOfTerminals").get(0);
    assertThat(override.path("terminalId").asText()).isEqualTo("T0000001");
    assertThat(override.path("account").path("accountId").asText()).isEqualTo(AccountId.text(own));
    assertThat(override.path("accountStatus").asText()).isEqualTo("ACTIVE");
    assertThat(Instant.parse(override.path("since").asText()))
        .isEqualTo(Instant.parse(ofTerminal.get(0).path("effectiveFrom").asText()));
  }

  @Test
  void a_long_history_comes_in_pages(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    long[] two = {world.addAccount(1, "6222029000000019001"), world.accountOf(1)};
    for (int change = 0; change < 120; change++) {
      world.bind("M000001", "", two[change % 2]);
    }
    List<Integer> versions = new ArrayList<>();
    String query = "";
    for (int page = 0; page < 2; page++) {
      JsonNode answer = get(api, query);
      answer.path("bindings").forEach(b -> versions.add(b.path("version").asInt()));
      query = "?before=" + answer.path("nextBefore").asText();
    }
    assertThat(query).isEqualTo("?before=null");
    assertThat(versions).hasSize(121).doesNotHaveDuplicates().contains(1, 121);
  }

  @Test
  void no_two_bindings_overlap_whoever_writes_them(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    assertThatThrownBy(
            () ->
                world.execute(
                    "ALTER TABLE binding DROP CONSTRAINT bound_by_a_change;"
                        + " INSERT INTO binding (merchant_id, version, account_id, effective)"
                        + " SELECT merchant_id, 2, account_id, tstzrange(now() + interval '1 day', NULL) FROM binding"))
        .hasMessageContaining("exclusion constraint");
  }

  @Test
  void what_cannot_be_asked_is_refused_with_the_field_at_fault(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    for (String[] bad :
        new String[][] {
          {"asOf=", "asOf"},
          {"asOf=yesterday", "asOf"},
          {"asOf=2026-11-22", "asOf"},
          {"asOf=2026-11-22T10:00Z", "asOf"},
          {"asOf=2026-13-22T10:00:00Z", "asOf"},
          {"asOf=2026-11-22T10:00:00+08:00", "asOf"},
          {"terminalId=", "terminalId"},
          {"terminalId=%00", "terminalId"},
          {"before=0", "before"},
          {"before=9999999999", "before"},
          {"before=5&asOf=2026-11-22T10:00:00Z", "before"},
        }) {
      Api.Answer answer = api.get(BINDINGS + "?" + bad[0], Role.AUDITOR);
      assertThat(answer.status()).as(bad[0]).isEqualTo(422);
      assertThat(answer.json().path("field").asText()).isEqualTo(bad[1]);
    }
    assertThat(get(api, "?asOf=2999-11-22T10:00:00%2B08:00").path("bindings")).hasSize(1);
    assertThat(get(api, "?asOf=0000-01-01T00:00:00Z").path("bindings")).isEmpty();
    assertThat(get(api, "?asOf=9999-12-31T23:59:59-18:00").path("bindings")).hasSize(1);
    for (String nobody : new String[] {"M000002", "%00", "M-1"}) {
      assertThat(api.get("/v1/merchants/" + nobody + "/bindings", Role.MAKER).status())
          .isEqualTo(404);
    }
  }

  private static void assertInForce(Api api, String asOf, long account) {
    JsonNode bindings = get(api, "?asOf=" + asOf).path("bindings");
    assertThat(bindings).as(asOf).hasSize(1);
    assertThat(bindings.get(0).path("account").path("accountId").asText())
        .as(asOf)
        .isEqualTo(AccountId.text(account));
  }

  private static JsonNode get(Api api, String query) {
    Api.Answer answer = api.get(BINDINGS + query, Role.CHECKER);
    assertThat(answer.status()).as(query + " " + answer.body()).isEqualTo(200);
    return answer.json();
  }
}
