package dev.settle.router.merchant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class TerminalsIT {

  @Test
  void a_terminal_that_is_registered_later_can_sell(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String sale = Documents.saleJson(1, 1).replace("T0000001", "T9");
    assertThat(api.sell(sale).json().path("reason").asText()).isEqualTo("TERMINAL_MISMATCH");

    Api.Answer registered = register(api, "M000001", "{\"terminalId\":\"T9\"}");
    assertThat(registered.status()).isEqualTo(201);
    assertThat(registered.json().toString())
        .isEqualTo(
            "{\"merchantId\":\"M000001\",\"terminalId\":\"T9\",\"outcome\":\"REGISTERED\",\"version\":2}");
    Api.Answer again = register(api, "M000001", "{\"terminalId\":\"T9\"}");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("outcome").asText()).isEqualTo("REPLAYED");
    assertThat(again.json().path("version").asInt()).isEqualTo(2);

    String next = Documents.saleJson(1, 2).replace("T0000001", "T9");
    assertThat(api.sell(next).json().path("status").asText()).isEqualTo("UNPOSTED");
    assertThat(world.queryText("SELECT cause FROM route_change WHERE version = 2"))
        .isEqualTo("TERMINALS");
    world.settle();
  }

  @Test
  void onboarding_sent_again_is_still_a_replay(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    register(api, "M000001", "{\"terminalId\":\"T9\"}");
    byte[] merchant = Documents.merchant(1).getBytes(UTF_8);
    assertThat(
            api.post("/v1/merchants", Role.MAKER, "application/json", merchant)
                .json()
                .path("outcome")
                .asText())
        .isEqualTo("REPLAYED");
  }

  @Test
  void a_merchant_has_no_more_terminals_than_the_limit(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    world.execute(
        "INSERT INTO terminal (merchant_id, terminal_id) SELECT 'M000001', 'X' || n FROM generate_series(2, 10000) n");
    Api.Answer refused = register(api, "M000001", "{\"terminalId\":\"T9\"}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().path("code").asText()).isEqualTo("terminal-limit");
    assertThat(register(api, "M000001", "{\"terminalId\":\"X2\"}").status()).isEqualTo(200);
    assertThat(world.queryLong("SELECT route_version FROM merchant")).isEqualTo(1);
  }

  @Test
  void what_cannot_be_registered_is_refused_with_the_field_at_fault(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    for (String bad :
        new String[] {
          "{}",
          "{\"terminalId\":\"\"}",
          "{\"terminalId\":\"T00000001\"}",
          "{\"terminalId\":\"T-1\"}",
          "{\"terminalId\":1}"
        }) {
      Api.Answer answer = register(api, "M000001", bad);
      assertThat(answer.status()).as(bad).isEqualTo(422);
      assertThat(answer.json().path("field").asText()).isEqualTo("terminalId");
    }
    assertThat(register(api, "M000001", "nonsense").status()).isEqualTo(400);
    assertThat(register(api, "M000002", "{\"terminalId\":\"T9\"}").status()).isEqualTo(404);
    assertThat(
            api.post("/v1/merchants/M000001/terminals", Role.MAKER, "text/plain", new byte[0])
                .status())
        .isEqualTo(415);
    assertThat(world.queryLong("SELECT count(*) FROM terminal")).isEqualTo(1);
  }

  private static Api.Answer register(Api api, String merchantId, String body) {
    return api.post(
        "/v1/merchants/" + merchantId + "/terminals",
        Role.MAKER,
        "application/json",
        body.getBytes(UTF_8));
  }
}
