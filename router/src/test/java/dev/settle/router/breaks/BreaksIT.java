package dev.settle.router.breaks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class BreaksIT {

  private static void open(World world, String kind, int count) throws Exception {
    world.execute(
        "SELECT open_break('sandbox', '"
            + kind
            + "', 'id' || n, 2049, 1, 5, 'CNY', 'differs', 'RAIL', 'RECONCILIATION')"
            + " FROM generate_series(1, "
            + count
            + ") n");
  }

  private static Api.Answer close(Api api, String breakId, String body) {
    return api.post(
        "/v1/breaks/" + breakId + "/close",
        Role.OPERATOR,
        "application/json",
        body.getBytes(UTF_8));
  }

  @Test
  void breaks_are_listed_newest_first_page_by_page(World world) throws Exception {
    Api api = world.startNode(1);
    open(world, "MISSING_HERE", 130);
    open(world, "MISSING_AT_BANK", 120);
    List<String> seen = new ArrayList<>();
    String before = "";
    do {
      JsonNode page = api.get("/v1/breaks?rail=sandbox&open=true" + before, Role.AUDITOR).json();
      page.path("breaks").forEach(one -> seen.add(one.path("breakId").asText()));
      before =
          page.path("nextBefore").isNull() ? null : "&before=" + page.path("nextBefore").asText();
    } while (before != null);

    assertThat(seen).hasSize(250).doesNotHaveDuplicates().first().isEqualTo(BreakId.text(250));
    assertThat(api.get("/v1/breaks?rail=other", Role.MAKER).json().path("breaks")).isEmpty();
    assertThat(
            api.get("/v1/breaks?kind=MISSING_AT_BANK&before=BR1V", Role.MAKER)
                .json()
                .path("breaks"))
        .isEmpty();
    JsonNode first = api.get("/v1/breaks?open=true", Role.CHECKER).json().path("breaks").path(0);
    assertThat(first.path("creditId").asText()).isEqualTo("C0000000000201");
    assertThat(first.path("owner").asText()).isEqualTo("RAIL");
  }

  @Test
  void what_is_asked_wrongly_is_refused_by_name(World world) throws Exception {
    Api api = world.startNode(1);
    for (String wrong : List.of("rail=A%20B", "kind=NONE", "open=maybe", "before=1")) {
      Api.Answer answer = api.get("/v1/breaks?" + wrong, Role.OPERATOR);
      assertThat(answer.status()).as(wrong).isEqualTo(422);
      assertThat(answer.json().path("field").asText()).isEqualTo(wrong.split("=")[0]);
    }
  }

  @Test
  void a_person_closes_a_break_once_with_a_word(World world) throws Exception {
    Api api = world.startNode(1);
    open(world, "MISSING_HERE", 1);
    String id = BreakId.text(1);

    assertThat(close(api, id, "{\"note\":\" \"}").json().path("field").asText()).isEqualTo("note");
    assertThat(close(api, id, "{}").status()).isEqualTo(422);
    assertThat(close(api, "BRV", "{\"note\":\"x\"}").status()).isEqualTo(404);
    Api.Answer closed = close(api.as("olga"), id, "{\"note\":\"storno\"}");
    assertThat(closed.status()).isEqualTo(200);
    assertThat(closed.json().path("closedBy").asText()).isEqualTo("olga");
    assertThat(closed.json().path("closedNote").asText()).isEqualTo("storno");
    assertThat(closed.json().path("closedAt").asText()).isNotEmpty();
    assertThat(close(api.as("olga"), id, "{\"note\":\"storno\"}").body()).isEqualTo(closed.body());
    assertThat(close(api.as("olga"), id, "{\"note\":\"else\"}").status()).isEqualTo(409);
    Api.Answer other = close(api.as("otto"), id, "{\"note\":\"storno\"}");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().path("code").asText()).isEqualTo("break-closed");
    assertThat(api.get("/v1/breaks?open=true", Role.OPERATOR).json().path("breaks")).isEmpty();
    assertThat(api.get("/v1/breaks?open=false", Role.OPERATOR).json().path("breaks")).hasSize(1);
  }

  @Test
  void open_breaks_are_a_gauge(World world) throws Exception {
    Api api = world.startNode(1);
    open(world, "MISSING_HERE", 3);
    String series = "settlement_open_breaks{kind=\"MISSING_HERE\",rail=\"sandbox\"}";
    Awaitility.await("the gauge shows them")
        .atMost(30, TimeUnit.SECONDS)
        .ignoreExceptionsMatching(AssertionError.class::isInstance)
        .until(
            () -> api.getManagement("/metrics").body().contains(series) && api.metric(series) == 3);
    close(api, BreakId.text(1), "{\"note\":\"done\"}");
    Awaitility.await("the gauge shows the rest")
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> api.metric(series) == 2);
  }
}
