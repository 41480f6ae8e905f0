package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.Applications.approve;
import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.get;
import static dev.settle.router.cardchange.Applications.reject;
import static dev.settle.router.cardchange.Applications.verified;
import static dev.settle.router.cardchange.Applications.withdraw;
import static dev.settle.router.testing.World.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class I11MakerIsNotCheckerIT {

  @Test
  void who_made_an_application_cannot_approve_it_by_raw_sql_either(World world) throws Exception {
    Changes changes = new Changes(world);
    changes.onboard(2);
    long id = changes.verified(1, 1, null);
    String own =
        "UPDATE card_change SET state = 'APPROVED', checker = 'alice', moved_as = 'CHECKER', moved_by = 'alice' WHERE change_id = "
            + id;
    assertRefused(world, own, "may not move");
    assertRefused(world, own.replace("moved_by = 'alice'", "moved_by = 'bob'"), "may not move");
    assertRefused(world, own.replace("'CHECKER'", "'ROUTER'"), "may not move");
    // Without the trigger, the constraint is still there.
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("ALTER TABLE card_change DISABLE TRIGGER guard");
      assertThatThrownBy(() -> statement.execute(own))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("maker_is_not_checker");
      connection.rollback();
    }
    assertThat(await(changes.store.approve(id, "alice")).outcome()).isEqualTo("OWN");
    assertThatThrownBy(() -> await(changes.store.approve(id, "router")))
        .as("the router's own name is nobody's")
        .hasMessageContaining("may not move");
    assertThatThrownBy(() -> await(changes.submit(2, 2, ChangeReason.OTHER, null, "router")))
        .hasMessageContaining("may not move");
    assertThat(changes.state(id)).isEqualTo("VERIFIED");
  }

  @Test
  void who_made_an_application_does_not_decide_on_it_and_nobody_else_takes_it_back(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    Api alice = api.as("alice");
    String id = verified(alice, 1, Applications.of(1, card(1)));
    for (Api.Answer own : List.of(approve(alice, id), reject(alice, id, "mine"))) {
      assertThat(own.status()).isEqualTo(403);
      assertThat(own.json().path("code").asText()).isEqualTo("maker-is-checker");
    }
    Api.Answer others = withdraw(api, id);
    assertThat(others.status()).isEqualTo(403);
    assertThat(others.json().path("code").asText()).isEqualTo("not-its-maker");
    assertThat(reject(api, id, "the papers are not readable").json().path("state").asText())
        .isEqualTo("REJECTED");
    JsonNode history = get(api, id).path("history");
    assertThat(history.get(history.size() - 1).path("detail").asText())
        .isEqualTo("the papers are not readable");
    for (Api.Answer late :
        List.of(approve(api, id), reject(api, id, "again"), withdraw(alice, id))) {
      assertThat(late.status()).isEqualTo(409);
      assertThat(late.json().path("code").asText()).isEqualTo("card-change-state");
      assertThat(late.json().path("detail").asText()).contains("REJECTED");
    }
  }

  private static void assertRefused(World world, String sql, String why) {
    assertThatThrownBy(() -> world.execute(sql))
        .as(sql)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(why);
  }
}
