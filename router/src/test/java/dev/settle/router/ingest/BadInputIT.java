package dev.settle.router.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.platform.Limits;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.RawConnection;
import dev.settle.router.testing.World;
import java.io.ByteArrayOutputStream;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every bad input is refused by name, and costs its neighbours nothing. Long because it is one
 * list: what is refused alone is refused in bulk by the same rows.
 */
@ExtendWith(InvariantsHold.class)
class BadInputIT {

  private static final String SINGLE = "/v1/transactions";
  private static final String BULK = "/v1/transactions/bulk";
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";

  /** A document that must be refused, and how. */
  private record Bad(String what, byte[] bytes, int status, String code, String field) {}

  private static List<Bad> bad() {
    List<Bad> all = new ArrayList<>();
    all.add(raw("not JSON", "sell me", 400, "malformed-json", null));
    all.add(raw("cut short", good().substring(0, 100), 400, "malformed-json", null));
    all.add(raw("an array", "[" + good() + "]", 400, "malformed-json", null));
    all.add(raw("two documents", good() + good(), 400, "malformed-json", null));
    all.add(raw("nested deep", "[".repeat(5_000), 400, "malformed-json", null));
    all.add(
        raw("nested deep in a field", "{\"x\":" + "[".repeat(5_000), 422, "unknown-field", "x"));
    all.add(raw("a raw NUL", good().replace("M0", "M\u0000"), 400, "malformed-json", "merchantId"));
    all.add(raw("a NUL", good().replace("M0", "M\\u0000"), 422, "invalid-value", "merchantId"));
    all.add(
        new Bad(
            "Latin 1",
            good().replace("M0", "\u00e9").getBytes(ISO_8859_1),
            400,
            "malformed-json",
            "merchantId"));
    all.add(
        raw(
            "a field twice",
            good().replace("}", ",\"stan\":\"1\"}"),
            422,
            "duplicate-field",
            "stan"));
    all.add(raw("a stranger", good().replace("}", ",\"tip\":1}"), 422, "unknown-field", "tip"));
    all.add(raw("nothing in it", "{}", 422, "missing-field", "acquirerId"));
    all.add(field("amountMinor", 0, "amount-out-of-range"));
    all.add(field("amountMinor", -1, "amount-out-of-range"));
    all.add(field("amountMinor", 1.5, "wrong-type"));
    all.add(raw("1e400", good().replace(":1,", ":1e400,"), 422, "wrong-type", "amountMinor"));
    all.add(field("amountMinor", (1L << 53) + 1, "amount-out-of-range"));
    all.add(
        raw(
            "beyond 2^63",
            good().replace(":1,", ":9223372036854775808,"),
            422,
            "amount-out-of-range",
            "amountMinor"));
    all.add(field("amountMinor", "1", "wrong-type"));
    all.add(field("currency", "RMB", "unknown-currency"));
    all.add(field("merchantId", "M".repeat(2_000), "invalid-value"));
    all.add(field("terminalId", "T".repeat(9), "invalid-value"));
    all.add(field("stan", 123, "wrong-type"));
    all.add(field("type", "REFUND", "invalid-value"));
    all.add(field("capturedAt", "now", "invalid-value"));
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    all.add(field("localDate", today.plusDays(4).toString(), "local-date-out-of-window"));
    all.add(field("localDate", today.minusDays(182).toString(), "local-date-out-of-window"));
    return all;
  }

  private static String good() {
    return Documents.saleJson(1, 0);
  }

  private static Bad raw(String what, String text, int status, String code, String field) {
    return new Bad(what, text.getBytes(UTF_8), status, code, field);
  }

  private static Bad field(String name, Object value, String code) {
    Map<String, Object> sale = Documents.sale(1, 0);
    sale.put(name, value);
    return raw(name + " " + value, Documents.json(sale), 422, code, name);
  }

  @Test
  void a_bad_transaction_is_refused_with_its_field_and_nothing_is_recorded(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    for (Bad bad : bad()) {
      Api.Answer answer = api.post(SINGLE, Role.TERMINAL, JSON, bad.bytes());
      assertThat(answer.status()).as(bad.what()).isEqualTo(bad.status());
      assertThat(answer.contentType()).isEqualTo("application/problem+json");
      assertProblem(bad, answer.json());
      assertClean(answer.body());
    }
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isZero();
    assertThat(api.sell(good()).status()).isEqualTo(201);
  }

  @Test
  void a_bad_line_fails_alone_and_its_neighbours_are_recorded(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    List<Bad> bad = bad();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < bad.size(); i++) {
      body.writeBytes((Documents.saleJson(1, i + 1) + "\r\n \r\n").getBytes(UTF_8));
      body.writeBytes(bad.get(i).bytes());
      body.writeBytes("\n\n".getBytes(UTF_8));
    }

    Api.Answer answer = api.post(BULK, Role.TERMINAL, NDJSON, body.toByteArray());

    assertThat(answer.status()).isEqualTo(200);
    List<JsonNode> lines = answer.body().lines().map(Api::parse).toList();
    assertThat(lines).hasSize(2 * bad.size());
    for (int i = 0; i < bad.size(); i++) {
      assertThat(lines.get(2 * i).path("outcome").asText()).isEqualTo("ACCEPTED");
      assertThat(lines.get(2 * i).path("line").asInt()).isEqualTo(4 * i + 1);
      JsonNode refused = lines.get(2 * i + 1);
      assertThat(refused.path("outcome").asText()).as(bad.get(i).what()).isEqualTo("REFUSED");
      assertThat(refused.path("line").asInt()).isEqualTo(4 * i + 3);
      assertThat(refused.path("status").asInt()).isEqualTo(bad.get(i).status());
      assertProblem(bad.get(i), refused);
    }
    assertClean(answer.body());
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(bad.size());
  }

  private static void assertProblem(Bad bad, JsonNode problem) {
    assertThat(problem.path("code").asText()).as(bad.what()).isEqualTo(bad.code());
    if (bad.field() != null) {
      assertThat(problem.path("field").asText()).as(bad.what()).isEqualTo(bad.field());
    }
    assertThat(problem.path("detail").asText()).as(bad.what()).isNotBlank();
  }

  /** Neither our inside nor what was sent comes back. */
  private static void assertClean(String body) {
    assertThat(body)
        .doesNotContain("Exception")
        .doesNotContain("dev.settle")
        .doesNotContain("io.vertx")
        .doesNotContain("jackson")
        .doesNotContain("\\tat ")
        .doesNotContain("sell me");
  }

  @Test
  void a_line_of_ten_megabytes_is_refused_and_its_neighbours_are_recorded(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    String body =
        Documents.saleJson(1, 1) + "\n" + "x".repeat(10_000_000) + "\n" + Documents.saleJson(1, 2);
    List<JsonNode> lines =
        api.post(BULK, Role.TERMINAL, NDJSON, body.getBytes(UTF_8))
            .body()
            .lines()
            .map(Api::parse)
            .toList();
    assertThat(lines)
        .extracting(line -> line.path("outcome").asText())
        .containsExactly("ACCEPTED", "REFUSED", "ACCEPTED");
    assertThat(lines.get(1).path("code").asText()).isEqualTo("line-too-long");
  }

  @Test
  void a_body_of_ten_megabytes_is_answered_413_and_the_client_can_go_on(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    byte[] body = ("\"" + "x".repeat(10_000_000) + "\"").getBytes(UTF_8);
    for (int i = 0; i < 5; i++) {
      Api.Answer answer = api.post(SINGLE, Role.TERMINAL, JSON, body);
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.json().path("code").asText()).isEqualTo("body-too-large");
    }
    try (RawConnection chunked = new RawConnection(api.port())) {
      chunked.head(SINGLE, api.token(Role.TERMINAL), JSON, -1);
      for (int i = 0; i < 10; i++) {
        chunked.chunk("x".repeat(Limits.TRANSACTION_BYTES));
      }
      chunked.endOfChunks();
      assertThat(chunked.read().status()).isEqualTo(413);
      chunked.post(SINGLE, api.token(Role.TERMINAL), JSON, good().getBytes(UTF_8));
      assertThat(chunked.read().status()).isEqualTo(201);
    }
    assertThat(api.sell(Documents.saleJson(1, 1)).status()).isEqualTo(201);
  }

  @Test
  void an_upload_without_an_end_is_not_read_for_ever_after_it_was_refused(World world)
      throws Exception {
    Api api = world.startNode();
    try (RawConnection endless = new RawConnection(api.port())) {
      endless.head(SINGLE, api.token(Role.TERMINAL), JSON, -1);
      byte[] piece = new byte[64 * 1024];
      boolean stopped = false;
      for (int i = 0; i < 4 * Limits.DISCARDED_BYTES / piece.length && !stopped; i++) {
        try {
          endless.chunk(piece);
        } catch (java.net.SocketException closed) {
          stopped = true;
        }
      }
      assertThat(stopped).isTrue();
    }
  }

  @Test
  void the_connection_stays_usable_after_each_refusal_of_an_unread_body(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    String terminal = api.token(Role.TERMINAL);
    byte[] body = " ".repeat(200_000).getBytes(UTF_8);
    try (RawConnection connection = new RawConnection(api.port())) {
      connection.post(SINGLE, "garbage", JSON, body);
      assertThat(connection.read().status()).isEqualTo(401);
      connection.post(BULK, "garbage", NDJSON, body);
      assertThat(connection.read().status()).isEqualTo(401);
      connection.post(SINGLE, api.token(Role.AUDITOR), JSON, body);
      assertThat(connection.read().status()).isEqualTo(403);
      connection.post(SINGLE, terminal, "text/xml", body);
      Api.Answer wrongType = connection.read();
      assertThat(wrongType.status()).isEqualTo(415);
      assertThat(wrongType.json().path("code").asText()).isEqualTo("unsupported-media-type");
      connection.post(BULK, terminal, JSON, body);
      assertThat(connection.read().status()).isEqualTo(415);
      connection.post("/v1/nowhere", terminal, JSON, body);
      assertThat(connection.read().status()).isEqualTo(404);
      connection.post("/v1/unposted", terminal, JSON, body);
      Api.Answer wrongMethod = connection.read();
      assertThat(wrongMethod.status()).isEqualTo(405);
      assertThat(wrongMethod.headers()).containsKey("allow");
      connection.post(SINGLE, terminal, JSON, good().getBytes(UTF_8));
      assertThat(connection.read().status()).isEqualTo(201);
    }
  }

  @Test
  void who_asks_before_sending_is_told_to_go_on_or_why_not(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    byte[] body = good().getBytes(UTF_8);
    String expect = "Expect: 100-continue\r\n";
    try (RawConnection asking = new RawConnection(api.port())) {
      asking.head(SINGLE, api.token(Role.TERMINAL), JSON, body.length, expect);
      assertThat(asking.readHead().status()).isEqualTo(100);
      asking.send(body);
      assertThat(asking.read().status()).isEqualTo(201);
      asking.head(BULK, api.token(Role.TERMINAL), NDJSON, body.length, expect);
      assertThat(asking.readHead().status()).isEqualTo(100);
      asking.send(body);
      assertThat(asking.read().body()).contains("REPLAYED");
      asking.head(SINGLE, "garbage", JSON, body.length, expect);
      assertThat(asking.read().status()).isEqualTo(401);
      assertThat(asking.isClosedByServer()).isTrue();
    }
  }

  @Test
  void a_body_that_is_cut_off_records_nothing_of_what_was_not_whole(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    byte[] sale = good().getBytes(UTF_8);
    try (RawConnection single = new RawConnection(api.port())) {
      single.head(SINGLE, api.token(Role.TERMINAL), JSON, sale.length);
      single.send(new String(sale, 0, sale.length / 2, UTF_8));
      single.vanish();
    }
    try (RawConnection bulk = new RawConnection(api.port())) {
      bulk.head(BULK, api.token(Role.TERMINAL), NDJSON, -1);
      bulk.chunk(Documents.saleJson(1, 1) + "\n" + Documents.saleJson(1, 2));
      assertThat(bulk.readHead().status()).isEqualTo(200);
      assertThat(bulk.chunkedLine()).contains("ACCEPTED");
      bulk.vanish();
    }
    assertThat(api.sell(Documents.saleJson(1, 3)).status()).isEqualTo(201);
    assertThat(world.queryText("SELECT string_agg(stan::text, ',' ORDER BY stan) FROM credit"))
        .isEqualTo("1,3");
  }

  @Test
  void an_empty_body_and_an_empty_bulk_are_refused(World world) throws Exception {
    Api api = world.startNode();
    for (String body : List.of("", " ", "\n\r\n \n")) {
      Api.Answer single = api.post(SINGLE, Role.TERMINAL, JSON, body.getBytes(UTF_8));
      assertThat(single.status()).isEqualTo(400);
      assertThat(single.json().path("code").asText()).isEqualTo("empty-body");
      Api.Answer bulk = api.post(BULK, Role.TERMINAL, NDJSON, body.getBytes(UTF_8));
      assertThat(bulk.status()).isEqualTo(400);
      assertThat(bulk.json().path("code").asText()).isEqualTo("empty-body");
    }
  }

  @Test
  void a_broken_request_head_is_answered_with_a_problem_document(World world) throws Exception {
    Api api = world.startNode();
    assertThat(answerTo(api, "GARBAGE\r\n\r\n").status()).isEqualTo(400);
    assertThat(
            answerTo(api, "GET /v1/unposted HTTP/1.1\r\nX: " + "x".repeat(40_000) + "\r\n\r\n")
                .status())
        .isEqualTo(431);
    assertThat(answerTo(api, "GET /" + "x".repeat(40_000) + " HTTP/1.1\r\n\r\n").status())
        .isEqualTo(414);
  }

  private static Api.Answer answerTo(Api api, String head) throws Exception {
    try (RawConnection connection = new RawConnection(api.port())) {
      connection.send(head);
      Api.Answer answer = connection.read();
      assertThat(answer.contentType()).isEqualTo("application/problem+json");
      assertClean(answer.body());
      assertThat(connection.isClosedByServer()).isTrue();
      return answer;
    }
  }

  @Test
  void a_look_up_that_can_not_be_is_the_clients_mistake(World world) throws Exception {
    Api api = world.startNode();
    String key =
        "/v1/transactions?acquirerId=48201000&merchantId=M000001&terminalId=T0000001&batchNo=000000"
            + "&stan=000000&type=SALE&localDate=";
    assertThat(api.get(key + "2026-11-22", Role.AUDITOR).status()).isEqualTo(404);
    for (String date : List.of("", "yesterday", "%2B999999999-12-31", "-0999-01-01")) {
      Api.Answer answer = api.get(key + date, Role.AUDITOR);
      assertThat(answer.status()).as(date).isEqualTo(422);
      assertThat(answer.json().path("field").asText()).isEqualTo("localDate");
    }
    for (String path :
        List.of(
            "/v1/credits/x",
            "/v1/credits/%00",
            "/v1/credits/C0000000000001",
            "/v1/merchants/%00",
            "/v1/merchants/M%C3%28",
            "/v1/merchants/M000009",
            "/v1/merchants/" + "M".repeat(1_000))) {
      Api.Answer answer = api.get(path, Role.AUDITOR);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.json().path("code").asText()).isEqualTo("not-found");
    }
  }

  @Test
  void a_bad_percent_sign_in_a_path_or_query_is_the_clients_mistake(World world) throws Exception {
    Api api = world.startNode();
    for (String path : List.of("/v1/credits/%zz", "/v1/transactions?stan=%zz", "/v1/merchants/%")) {
      try (RawConnection connection = new RawConnection(api.port())) {
        connection.send(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + api.token(Role.AUDITOR)
                + "\r\n\r\n");
        Api.Answer answer = connection.read();
        assertThat(answer.status()).as(path).isIn(400, 404, 422);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        assertClean(answer.body());
      }
    }
  }

  @Test
  void what_nobody_knows_is_accepted_and_held_with_its_reason(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    Map<String, Object> mismatch = Documents.sale(1, 1);
    mismatch.put("terminalId", "T9999999");
    assertHeld(api, Documents.json(mismatch), "TERMINAL_MISMATCH");
    assertHeld(api, Documents.saleJson(77, 2), "UNKNOWN_MERCHANT");

    JsonNode unposted = api.get("/v1/unposted", Role.AUDITOR).json();
    assertThat(unposted.path("count").asInt()).isEqualTo(2);
    for (String reason : List.of("TERMINAL_MISMATCH", "UNKNOWN_MERCHANT")) {
      JsonNode group = unposted.path("byReason").path(reason);
      assertThat(group.path("count").asInt()).isEqualTo(1);
      assertThat(group.path("amountMinor").path("CNY").asLong()).isPositive();
      assertThat(group.path("explanation").path("whoActs").asText()).isEqualTo("OPERATIONS");
    }
  }

  private static void assertHeld(Api api, String sale, String reason) {
    Api.Answer accepted = api.sell(sale);
    assertThat(accepted.status()).isEqualTo(201);
    assertThat(accepted.json().path("status").asText()).isEqualTo("HELD");
    assertThat(accepted.json().path("reason").asText()).isEqualTo(reason);
    Api.Answer again = api.sell(sale);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("reason").asText()).isEqualTo(reason);

    String creditId = accepted.json().path("creditId").asText();
    JsonNode credit = api.get("/v1/credits/" + creditId, Role.AUDITOR).json();
    assertThat(credit.path("status").asText()).isEqualTo("HELD");
    assertThat(credit.path("history").findValuesAsText("fact")).containsExactly("RECORDED", "HELD");
    JsonNode explanation = credit.path("explanation");
    assertThat(explanation.path("reason").asText()).isEqualTo(reason);
    for (String member : List.of("en", "zh", "whoActs", "since")) {
      assertThat(explanation.path(member).asText()).as(member).isNotBlank();
    }
    assertThat(explanation.path("retryUseful").isBoolean()).isTrue();
    assertThat(explanation.has("expectedBy")).isTrue();
  }
}
