package dev.settle.router.cardchange;

import static dev.settle.router.cardchange.Applications.card;
import static dev.settle.router.cardchange.Applications.verified;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class CardChangeListIT {

  @Test
  void checkers_see_what_waits_for_them(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 3);
    for (int n = 1; n <= 3; n++) {
      verified(api, n, Applications.of(n, card(n)));
    }
    JsonNode queue = api.get("/v1/card-changes?state=VERIFIED", Role.CHECKER).json();
    assertThat(queue.path("cardChanges").findValuesAsText("merchantId"))
        .containsExactly("M000003", "M000002", "M000001");
    assertThat(queue.path("nextBefore").isNull()).isTrue();
    String newest = queue.at("/cardChanges/0/cardChangeId").asText();
    JsonNode older =
        api.get("/v1/card-changes?state=VERIFIED&before=" + newest, Role.CHECKER).json();
    assertThat(older.path("cardChanges").findValuesAsText("merchantId"))
        .containsExactly("M000002", "M000001");
    JsonNode ofOne = api.get("/v1/card-changes?merchantId=M000002", Role.CHECKER).json();
    assertThat(ofOne.path("cardChanges").findValuesAsText("merchantId")).containsExactly("M000002");
    JsonNode rejected =
        api.get("/v1/card-changes?merchantId=M000002&state=REJECTED", Role.CHECKER).json();
    assertThat(rejected.path("cardChanges")).isEmpty();
    assertThat(api.get("/v1/card-changes?merchantId=M-2", Role.CHECKER).status()).isEqualTo(422);
    assertThat(api.get("/v1/card-changes?state=OPEN", Role.CHECKER).status()).isEqualTo(422);
    for (String bad : List.of("", "7", "CC%00")) {
      Api.Answer answer = api.get("/v1/card-changes?before=" + bad, Role.CHECKER);
      assertThat(answer.status()).as(bad).isEqualTo(422);
      assertThat(answer.json().path("field").asText()).isEqualTo("before");
    }
  }

  @Test
  void a_long_list_comes_in_pages_the_newest_first(World world) throws Exception {
    Changes changes = new Changes(world);
    changes.onboard(150);
    for (int n = 1; n <= 150; n++) {
      changes.submitted(n, n, null);
    }
    var first = World.await(changes.store.list(ChangeState.SUBMITTED, null));
    long before = ChangeId.parse(first.getString("nextBefore")).getAsLong();
    var second = World.await(changes.store.list(ChangeState.SUBMITTED, before));
    assertThat(second.getString("nextBefore")).isNull();
    List<String> merchants = new java.util.ArrayList<>();
    for (var page : List.of(first, second)) {
      page.getJsonArray("cardChanges")
          .forEach(
              head ->
                  merchants.add(((io.vertx.core.json.JsonObject) head).getString("merchantId")));
    }
    assertThat(merchants)
        .hasSize(150)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo(java.util.Comparator.reverseOrder());
  }
}
