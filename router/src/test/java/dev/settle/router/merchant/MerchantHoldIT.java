package dev.settle.router.merchant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class MerchantHoldIT {

  @Test
  void a_hold_holds_new_sales_until_it_is_lifted(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);

    Api.Answer answer = hold(api, "M000001", "{\"onHold\":true,\"reason\":\"chargebacks\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().toString())
        .isEqualTo("{\"merchantId\":\"M000001\",\"onHold\":true,\"version\":2}");
    JsonNode held = api.sell(Documents.saleJson(1, 1)).json();
    assertThat(held.path("reason").asText()).isEqualTo("MERCHANT_HOLD");
    JsonNode profile = api.get("/v1/merchants/M000001", Role.AUDITOR).json();
    assertThat(profile.path("onHold").asBoolean()).isTrue();
    assertThat(profile.path("hold").path("reason").asText()).isEqualTo("chargebacks");
    assertThat(profile.path("hold").path("since").asText()).endsWith("Z");

    hold(api, "M000001", "{\"onHold\":false,\"reason\":\"cleared\"}");
    assertThat(api.sell(Documents.saleJson(1, 2)).json().path("status").asText())
        .isEqualTo("UNPOSTED");
    assertThat(api.get("/v1/merchants/M000001", Role.AUDITOR).json().path("hold").isNull())
        .isTrue();
    world.settle();
    assertThat(
            world.queryText(
                "SELECT string_agg(concat_ws(' ', version, on_hold, reason, changed_by), ', ' ORDER BY version)"
                    + " FROM merchant_hold_change"))
        .isEqualTo("2 t chargebacks operator-1, 3 f cleared operator-1");
  }

  @Test
  void the_same_again_changes_nothing(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    for (int times = 0; times < 3; times++) {
      assertThat(
              hold(api, "M000001", "{\"onHold\":true,\"reason\":\"x\"}")
                  .json()
                  .path("version")
                  .asInt())
          .isEqualTo(2);
    }
    assertThat(world.queryLong("SELECT count(*) FROM merchant_hold_change")).isEqualTo(1);
  }

  @Test
  void an_order_that_comes_late_does_not_undo_a_newer_one(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    assertThat(hold(api, "M000001", conditional(true, 1)).json().path("version").asInt())
        .isEqualTo(2);

    Api.Answer late = hold(api, "M000001", conditional(false, 1));
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.json().path("code").asText()).isEqualTo("route-changed");
    assertThat(late.json().path("field").asText()).isEqualTo("ifVersion");
    assertThat(world.queryText("SELECT on_hold::text FROM merchant")).isEqualTo("true");

    // What stands so already is no harm.
    assertThat(hold(api, "M000001", conditional(true, 1)).status()).isEqualTo(200);
    assertThat(hold(api, "M000001", conditional(false, 2)).json().path("version").asInt())
        .isEqualTo(3);
    assertThat(hold(api, "M000001", conditional(true, 0)).status()).isEqualTo(422);
    assertThat(world.queryLong("SELECT count(*) FROM merchant_hold_change")).isEqualTo(2);
  }

  private static String conditional(boolean onHold, long version) {
    return "{\"onHold\":" + onHold + ",\"reason\":\"x\",\"ifVersion\":" + version + "}";
  }

  @Test
  void its_history_is_only_ever_added_to(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    hold(api, "M000001", "{\"onHold\":true,\"reason\":\"x\"}");
    for (String rewrite :
        new String[] {
          "UPDATE merchant_hold_change SET reason = 'y'",
          "DELETE FROM merchant_hold_change",
          "TRUNCATE merchant_hold_change"
        }) {
      assertThatThrownBy(() -> world.execute(rewrite)).hasMessageContaining("is append-only");
    }
  }

  @Test
  void what_cannot_be_set_is_refused_with_the_field_at_fault(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    for (String[] bad :
        new String[][] {
          {"{\"reason\":\"x\"}", "422", "onHold"},
          {"{\"onHold\":\"yes\",\"reason\":\"x\"}", "422", "onHold"},
          {"{\"onHold\":true}", "422", "reason"},
          {"{\"onHold\":true,\"reason\":\"\"}", "422", "reason"},
          {"{\"onHold\":true,\"reason\":\"a\\nb\"}", "422", "reason"},
          {"[]", "400", ""},
        }) {
      Api.Answer answer = hold(api, "M000001", bad[0]);
      assertThat(answer.status()).as(bad[0]).isEqualTo(Integer.parseInt(bad[1]));
      assertThat(answer.json().path("field").asText()).isEqualTo(bad[2]);
    }
    for (String nobody : new String[] {"M000002", "%00", "M-1"}) {
      assertThat(hold(api, nobody, "{\"onHold\":true,\"reason\":\"x\"}").status())
          .as(nobody)
          .isEqualTo(404);
    }
    assertThat(world.queryLong("SELECT count(*) FROM merchant_hold_change")).isZero();
  }

  private static Api.Answer hold(Api api, String merchantId, String body) {
    return api.put("/v1/merchants/" + merchantId + "/hold", Role.OPERATOR, body);
  }
}
