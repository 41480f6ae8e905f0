package dev.settle.router.access;

import static dev.settle.router.cardchange.Applications.approve;
import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.get;
import static dev.settle.router.cardchange.Applications.reject;
import static dev.settle.router.cardchange.Applications.verified;
import static dev.settle.router.cardchange.Applications.withdraw;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.cardchange.Applications;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** However a maker spells his name and whichever role his token has, he is not the checker. */
@ExtendWith(InvariantsHold.class)
class I11SamePersonIT {

  private static final List<String> SPELLINGS =
      List.of(
          "Alice Li",
          "ALICE LI",
          " alice li ",
          "alice  li",
          "alice\u3000li",
          "ａｌｉｃｅ　ｌｉ",
          "alice\u00A0li");

  private static String code(Api.Answer answer) {
    return answer.status() + " " + answer.json().path("code").asText();
  }

  private static Api.Answer post(Api api, String path, Role role, String body) {
    return api.post(path, role, "application/json", body.getBytes(UTF_8));
  }

  @Test
  void no_spelling_of_the_maker_decides_on_his_application(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    String id = verified(api.as("Alice Li"), 1, Applications.of(1, card(1)));
    for (String spelling : SPELLINGS) {
      Api same = api.as(spelling);
      assertThat(code(approve(same, id))).as(spelling).isEqualTo("403 maker-is-checker");
      assertThat(code(reject(same, id, "mine"))).as(spelling).isEqualTo("403 maker-is-checker");
    }
    assertThat(get(api, id).path("maker").asText()).isEqualTo("alice li");
    assertThat(code(withdraw(api.as("bob"), id))).isEqualTo("403 not-its-maker");
    assertThat(withdraw(api.as("ALICE LI"), id).status()).isEqualTo(200);
  }

  @Test
  void nor_does_who_proposed_an_order_or_a_resolution(World world) throws Exception {
    Api api = world.startNode(1);
    String order =
        post(
                api.as("Alice Li"),
                "/v1/rails/sandbox/orders",
                Role.OPERATOR,
                "{\"order\":\"HOLD\",\"reason\":\"the bank asked\"}")
            .json()
            .path("orderId")
            .asText();
    world.execute(
        "INSERT INTO resolution (rail, end_to_end_id, says, amount_minor, currency, evidence, proposed_by)"
            + " VALUES ('sandbox', 'C0000000000001-1', 'CREDITED', 1, 'CNY', 'a letter', 'Alice Li')");
    String resolution =
        api.get("/v1/resolutions?open=true", Role.AUDITOR)
            .json()
            .path("resolutions")
            .path(0)
            .path("resolutionId")
            .asText();
    for (String spelling : SPELLINGS) {
      for (String path : List.of("/v1/rail-orders/" + order, "/v1/resolutions/" + resolution)) {
        Api same = api.as(spelling);
        assertThat(code(post(same, path + "/approve", Role.CHECKER, "")))
            .as(spelling + path)
            .isEqualTo("403 proposer-is-checker");
        String why = path.contains("rail-orders") ? "{\"reason\":\"mine\"}" : "";
        assertThat(code(post(same, path + "/reject", Role.CHECKER, why)))
            .as(spelling + path)
            .isEqualTo("403 proposer-is-checker");
      }
    }
    assertThat(
            post(
                    api.as("bob"),
                    "/v1/rail-orders/" + order + "/reject",
                    Role.CHECKER,
                    "{\"reason\":\"no\"}")
                .status())
        .isEqualTo(200);
    assertThat(
            post(api.as("bob"), "/v1/resolutions/" + resolution + "/reject", Role.CHECKER, "")
                .status())
        .isEqualTo(200);
  }

  /** A node of the release before writes names as they come. */
  @Test
  void what_was_written_by_an_older_node_is_compared_by_person_too(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    String id = verified(api.as("alice"), 1, Applications.of(1, card(1)));
    world.execute("ALTER TABLE card_change DISABLE TRIGGER USER");
    world.execute("UPDATE card_change SET maker = 'Alice', moved_by = 'Alice'");
    world.execute("ALTER TABLE card_change ENABLE TRIGGER USER");
    assertThat(code(approve(api.as("alice"), id))).isEqualTo("403 maker-is-checker");
    assertThatThrownBy(
            () ->
                world.execute(
                    "UPDATE card_change SET state = 'APPROVED', checker = 'aLICE', moved_as = 'CHECKER', moved_by = 'aLICE'"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("may not move");
    assertThat(withdraw(api.as("alice"), id).status()).isEqualTo(200);
  }

  @Test
  void an_order_of_an_older_node_is_not_approved_by_raw_sql_either(World world) throws Exception {
    world.execute(
        "INSERT INTO rail_order (rail, kind, reason, proposed_by) VALUES ('sandbox', 'HOLD', 'x', 'Olga')");
    assertThat(world.queryText("SELECT approve_rail_order(order_id, 'olga') FROM rail_order"))
        .isEqualTo("OWN");
    assertThatThrownBy(
            () ->
                world.execute(
                    "UPDATE rail_order SET state = 'APPROVED', decided_by = 'OLGA', decided_at = now()"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("his own");
  }
}
