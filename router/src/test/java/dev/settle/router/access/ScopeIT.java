package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.SignedCalls;
import dev.settle.router.testing.World;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A terminal speaks for its own acquirer and merchants, and sees nobody else's. */
@ExtendWith(InvariantsHold.class)
class ScopeIT {

  private static final String ONE = "/v1/transactions";

  /** Sends as one terminal. */
  private interface Sender {
    Api.Answer send(String method, String target, String body);
  }

  private static Sender byToken(World world, Api api, Scope scope) {
    String token = world.token(Role.TERMINAL, "till", scope, Duration.ofHours(1));
    return (method, target, body) ->
        api.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + target))
                .header("Authorization", "Bearer " + token)
                .header(
                    "Content-Type",
                    target.endsWith("/bulk") ? "application/x-ndjson" : "application/json")
                .method(
                    method,
                    method.equals("GET")
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build());
  }

  private static Sender byKey(World world, Api api, Scope scope) throws Exception {
    SignedCalls calls = SignedCalls.issue(world, api, scope);
    Awaitility.await("the node hears of the key")
        .atMost(Duration.ofSeconds(10))
        .until(() -> calls.get("/v1/credits/C0000000000001").status() == 404);
    return (method, target, body) ->
        method.equals("GET") ? calls.get(target) : calls.post(target, body);
  }

  private static String query(int merchant, int stan) {
    Map<String, Object> sale = Documents.sale(merchant, stan);
    StringBuilder query = new StringBuilder(ONE).append("?type=SALE");
    for (String name :
        List.of("acquirerId", "merchantId", "terminalId", "batchNo", "stan", "localDate")) {
      query.append('&').append(name).append('=').append(sale.get(name));
    }
    return query.toString();
  }

  private static void refused(Api.Answer answer, String code, String field) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.json().path("code").asText()).isEqualTo(code);
    assertThat(answer.json().path("field").asText()).isEqualTo(field);
  }

  @Test
  void nobody_submits_or_sees_what_is_anothers(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    String creditId = api.sell(Documents.saleJson(1, 1)).json().path("creditId").asText();

    Scope other = Scope.ofAcquirer("48209999");
    Scope narrow = new Scope("48201000", Set.of("M000002"));
    for (Sender stranger : List.of(byToken(world, api, other), byKey(world, api, other))) {
      refused(
          stranger.send("POST", ONE, Documents.saleJson(1, 2)), "not-your-acquirer", "acquirerId");
      refused(
          stranger.send("POST", ONE, Documents.saleJson(1, 1)), "not-your-acquirer", "acquirerId");
      assertUnseen(stranger, creditId);
    }
    for (Sender neighbour : List.of(byToken(world, api, narrow), byKey(world, api, narrow))) {
      refused(
          neighbour.send("POST", ONE, Documents.saleJson(1, 2)), "not-your-merchant", "merchantId");
      assertUnseen(neighbour, creditId);
    }
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(1);

    Sender own = byToken(world, api, new Scope("48201000", Set.of("M000001")));
    assertThat(own.send("GET", "/v1/credits/" + creditId, "").status()).isEqualTo(200);
    assertThat(own.send("GET", query(1, 1), "").status()).isEqualTo(200);
    assertThat(api.get("/v1/credits/" + creditId, Role.AUDITOR).status()).isEqualTo(200);
    assertThat(api.metric("settlement_calls_refused_total{code=\"not-your-acquirer\"}"))
        .isEqualTo(8);
  }

  /** As if it were not there: by its id and by its key, to the byte. */
  private static void assertUnseen(Sender stranger, String creditId) {
    Api.Answer anothers = stranger.send("GET", "/v1/credits/" + creditId, "");
    Api.Answer none = stranger.send("GET", "/v1/credits/C00000000000V1", "");
    assertThat(anothers.status()).isEqualTo(404);
    assertThat(anothers.body()).isEqualTo(none.body());
    assertThat(stranger.send("GET", query(1, 1), "").body()).isEqualTo(none.body());
  }

  @Test
  void in_an_upload_the_line_of_anothers_fails_alone(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    Scope narrow = new Scope("48201000", Set.of("M000001"));
    String foreign = Documents.saleJson(1, 12).replace("48201000", "48209999");
    List<String> sales =
        List.of(
            Documents.saleJson(1, 11),
            foreign,
            Documents.saleJson(2, 13),
            Documents.saleJson(1, 14));
    for (Sender till : List.of(byToken(world, api, narrow), byKey(world, api, narrow))) {
      Api.Answer answer =
          till.send("POST", "/v1/transactions/bulk", String.join("\n", sales) + "\n");
      List<JsonNode> lines = answer.body().lines().map(Api::parse).toList();
      assertThat(lines).hasSize(4);
      assertThat(lines.get(1).path("code").asText()).isEqualTo("not-your-acquirer");
      assertThat(lines.get(1).path("outcome").asText()).isEqualTo("REFUSED");
      assertThat(lines.get(1).path("status").asInt()).isEqualTo(403);
      assertThat(lines.get(2).path("code").asText()).isEqualTo("not-your-merchant");
      for (int good : new int[] {0, 3}) {
        assertThat(lines.get(good).path("creditId").asText()).as(answer.body()).isNotEmpty();
        world
            .acknowledged()
            .add(Api.parse(sales.get(good)), lines.get(good).path("creditId").asText());
      }
    }
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(2);
  }
}
