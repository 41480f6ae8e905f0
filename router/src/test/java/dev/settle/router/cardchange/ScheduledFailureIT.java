package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.Applications.approve;
import static dev.settle.router.cardchange.Applications.awaitState;
import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.get;
import static dev.settle.router.cardchange.Applications.verified;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class ScheduledFailureIT {

  @Test
  void a_change_that_cannot_take_effect_holds_up_no_other_and_is_tried_again(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    world.execute(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a fault'; END $$;"
            + " CREATE TRIGGER fault BEFORE INSERT ON binding FOR EACH ROW"
            + " WHEN (NEW.merchant_id = 'M000001') EXECUTE FUNCTION fail()");
    Instant from = Instant.now().plusSeconds(4);
    String failing = scheduled(api, 1, from);
    String behind = scheduled(api, 2, from.plusMillis(100));

    awaitState(api, behind, "EFFECTIVE");

    assertThat(get(api, failing).path("state").asText()).isEqualTo("SCHEDULED");
    world.execute("DROP TRIGGER fault ON binding");
    awaitState(api, failing, "EFFECTIVE");
  }

  private static String scheduled(Api api, int merchant, Instant from) {
    String more = ",\"effectiveFrom\":\"" + from + "\"";
    String id =
        verified(api, merchant, Applications.of(merchant, card(merchant), "NEW_CARD", more));
    assertThat(approve(api, id).json().path("state").asText()).isEqualTo("SCHEDULED");
    return id;
  }
}
