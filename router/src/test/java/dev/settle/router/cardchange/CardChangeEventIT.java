package dev.settle.router.cardchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.EventReader;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Consoles hear of a card change at whichever node they are. */
@ExtendWith(InvariantsHold.class)
class CardChangeEventIT {

  @Test
  void a_change_approved_on_one_node_is_told_on_another_well_within_a_second(World world)
      throws Exception {
    Api one = world.startNode(1);
    Api two = world.startNode(1);
    world.onboard(one, 1);
    try (EventReader reader =
        new EventReader(two, two.token(Role.CHECKER), "?topics=card-change")) {
      String id = Applications.verified(one, 1, Applications.of(1, Applications.card(1)));
      assertThat(reader.next("card-change").path("state").asText()).isEqualTo("SUBMITTED");
      assertThat(reader.next("card-change").path("state").asText()).isEqualTo("VERIFYING");
      assertThat(reader.next("card-change").path("state").asText()).isEqualTo("VERIFIED");

      Api.Answer approved = Applications.approve(one, id);
      long answered = System.nanoTime();
      List<String> states = new ArrayList<>();
      JsonNode event = reader.next("card-change");
      states.add(event.path("state").asText());
      while (!event.path("state").asText().equals("EFFECTIVE")) {
        event = reader.next("card-change");
        states.add(event.path("state").asText());
      }
      Duration late = Duration.ofNanos(System.nanoTime() - answered);

      System.out.println("CardChangeEventIT: told " + late.toMillis() + " ms after the answer");
      assertThat(late).isLessThan(Duration.ofMillis(500));
      assertThat(states).containsExactly("APPROVED", "EFFECTIVE");
      assertThat(event.path("cardChangeId").asText()).isEqualTo(id);
      assertThat(event.path("merchantId").asText()).isEqualTo("M000001");
      assertThat(event.path("version")).isEqualTo(approved.json().path("version"));
    }
  }
}
