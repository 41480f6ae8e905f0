package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.SignedCalls;
import dev.settle.router.testing.World;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is signed with an API key is taken once and as it was signed; nothing else is. */
@ExtendWith(InvariantsHold.class)
class SignedRequestsIT {

  private static final String ONE = "/v1/transactions";
  private static final String MANY = "/v1/transactions/bulk";
  private static final Scope ALL = Scope.ofAcquirer("48201000");

  private static void refused(Api.Answer answer, String code) {
    assertThat(answer.json().path("code").asText()).as(answer.body()).isEqualTo(code);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.headers().get("www-authenticate")).containsExactly("Signature");
    assertThat(answer.headers()).containsKey("date");
  }

  /** A key that every event loop of the node knows. */
  private static SignedCalls known(World world, Api api, Scope scope) throws Exception {
    SignedCalls calls = SignedCalls.issue(world, api, scope);
    awaitKnown(calls);
    return calls;
  }

  private static void awaitKnown(SignedCalls calls) {
    Awaitility.await("the node hears of the key")
        .atMost(Duration.ofSeconds(10))
        .until(() -> calls.get("/v1/credits/C0000000000001").status() == 404);
  }

  @Test
  void a_signed_sale_is_taken_and_found_again(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    SignedCalls terminal = known(world, api, ALL);

    String sale = Documents.saleJson(1, 1);
    Api.Answer answer = terminal.post(ONE, sale);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    String creditId = answer.json().path("creditId").asText();
    world.acknowledged().add(Api.parse(sale), creditId);

    assertThat(terminal.get("/v1/credits/" + creditId).status()).isEqualTo(200);
    Map<String, Object> fields = Documents.sale(1, 1);
    String query =
        ONE
            + "?acquirerId=48201000&merchantId=M000001&terminalId=T0000001&batchNo=000000&stan=000001&type=SALE&localDate="
            + fields.get("localDate");
    assertThat(terminal.get(query).json().path("creditId").asText()).isEqualTo(creditId);
    Api.Answer again = terminal.post(ONE, sale);
    assertThat(again.status()).as("signed anew: a replay of the sale").isEqualTo(200);
  }

  @Test
  void what_is_forged_altered_old_or_shown_again_is_refused_and_nothing_of_it_taken(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    SignedCalls terminal = known(world, api, ALL);
    String sale = Documents.saleJson(1, 1);
    String other = Documents.saleJson(1, 2);
    long now = Instant.now().getEpochSecond();

    Map<String, Map<String, String>> bad = new LinkedHashMap<>();
    Map<String, String> good = terminal.headers("POST", ONE, sale);
    SignedCalls forger = SignedCalls.with(api, terminal.keyId(), new byte[32]);
    refused(
        terminal.send("POST", ONE, forger.headers("POST", ONE, sale), sale), "signature-invalid");
    SignedCalls unknown = SignedCalls.with(api, "key-0000000000000000", new byte[32]);
    refused(unknown.post(ONE, sale), "key-unknown");
    refused(
        terminal.send("POST", ONE, terminal.headers("POST", ONE, sale, now - 70), sale),
        "signature-expired");
    refused(
        terminal.send(
            "POST",
            ONE,
            // From now on: the clock has gone on since the beginning.
            terminal.headers("POST", ONE, sale, Instant.now().getEpochSecond() + 70),
            sale),
        "signature-not-yet-valid");
    refused(
        terminal.send("POST", ONE, terminal.headers("PUT", ONE, sale), sale), "signature-invalid");
    refused(
        terminal.send("POST", ONE, terminal.headers("POST", MANY, sale), sale),
        "signature-invalid");
    refused(
        terminal.send("POST", ONE, terminal.headers("POST", ONE + "?x=1", sale), sale),
        "signature-invalid");
    refused(terminal.send("POST", ONE, good, other), "content-digest-mismatch");
    refused(terminal.send("POST", ONE, good, other), "signature-replayed");

    Map<String, String> swapped = terminal.headers("POST", ONE, sale);
    swapped.put("Content-Digest", terminal.headers("POST", ONE, other).get("Content-Digest"));
    refused(terminal.send("POST", ONE, swapped, other), "signature-invalid");
    Map<String, String> earlier = terminal.headers("POST", ONE, sale);
    earlier.computeIfPresent(
        "Signature-Input",
        (name, input) -> input.replaceAll("created=\\d+", "created=" + (now - 1)));
    refused(terminal.send("POST", ONE, earlier, sale), "signature-invalid");
    for (String header : List.of("Signature", "Signature-Input", "Content-Digest")) {
      Map<String, String> without = terminal.headers("POST", ONE, sale);
      without.remove(header);
      bad.put("without " + header, without);
      Map<String, String> cut = terminal.headers("POST", ONE, sale);
      cut.computeIfPresent(header, (name, text) -> text.substring(0, text.length() - 2));
      bad.put(header + " cut off", cut);
      Map<String, String> double_ = terminal.headers("POST", ONE, sale);
      double_.computeIfPresent(header, (name, text) -> text + ", " + text);
      bad.put(header + " twice", double_);
    }
    Map<String, String> reordered = terminal.headers("POST", ONE, sale);
    reordered.computeIfPresent(
        "Signature-Input",
        (name, input) -> input.replace("\"@method\" \"@path\"", "\"@path\" \"@method\""));
    bad.put("components in another order", reordered);
    Map<String, String> sha512 = terminal.headers("POST", ONE, sale);
    sha512.computeIfPresent(
        "Content-Digest", (name, digest) -> digest.replace("sha-256", "sha-512"));
    bad.put("another digest", sha512);
    bad.forEach(
        (what, headers) ->
            refused(terminal.send("POST", ONE, headers, sale), "signature-malformed"));
    Map<String, String> both = terminal.headers("POST", ONE, sale);
    both.put("Authorization", "Bearer " + api.token(Role.TERMINAL));
    refused(terminal.send("POST", ONE, both, sale), "two-credentials");

    assertThat(world.queryLong("SELECT count(*) FROM credit")).isZero();
    assertThat(api.metric("settlement_calls_refused_total{code=\"signature-replayed\"}"))
        .isEqualTo(1);
    assertThat(terminal.post(ONE, sale).status()).isEqualTo(201);
    RefusalsRecorded.assertAll(world, api, 20);
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM audit_event WHERE actor = 'key:"
                    + terminal.keyId()
                    + "' AND action IN ('ACCESS_REFUSED', 'LOGGED_IN')"))
        .isGreaterThanOrEqualTo(2);
    assertThat(
            world.queryText(
                "SELECT string_agg(action || ' ' || actor, ',') FROM audit_event WHERE object LIKE 'api-key %'"))
        .isEqualTo("API_KEY_MADE test");
  }

  @Test
  void a_signature_is_good_once_on_whichever_event_loop(World world) throws Exception {
    Api api = world.startNode();
    SignedCalls terminal = known(world, api, ALL);
    String target = "/v1/credits/C0000000000001";
    Map<String, String> headers = terminal.headers("GET", target, "");
    assertThat(terminal.send("GET", target, headers, "").status()).isEqualTo(404);
    // Connections go to the loops by turns.
    for (int i = 0; i < 4; i++) {
      refused(terminal.overNewConnections().send("GET", target, headers, ""), "signature-replayed");
    }
  }

  @Test
  void of_a_signed_upload_all_lines_are_taken_or_none(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 4);
    SignedCalls host = known(world, api, ALL);
    // More than one piece of what is held, and more lines than may wait at once.
    List<String> sales =
        IntStream.rangeClosed(1, 6_000)
            .mapToObj(stan -> Documents.saleJson(1 + stan % 4, stan))
            .toList();
    String body = String.join("\n", sales) + "\n";
    assertThat(body.length()).isBetween(1 << 20, 4 << 20);

    String last = body.substring(0, body.length() - 3) + "x}\n";
    refused(
        host.send("POST", MANY, host.headers("POST", MANY, body), last), "content-digest-mismatch");
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isZero();

    Api.Answer answer = host.post(MANY, body);
    assertThat(answer.status()).isEqualTo(200);
    List<String> lines = answer.body().lines().toList();
    assertThat(lines).hasSize(6_000);
    for (int i = 0; i < lines.size(); i++) {
      var line = Api.parse(lines.get(i));
      assertThat(line.path("line").asInt()).isEqualTo(i + 1);
      assertThat(line.path("outcome").asText()).as(lines.get(i)).isEqualTo("ACCEPTED");
      world.acknowledged().add(Api.parse(sales.get(i)), line.path("creditId").asText());
    }

    String tooLong = body.repeat(1 + (4 << 20) / body.length());
    Api.Answer long_ = host.post(MANY, tooLong);
    assertThat(long_.status()).as(long_.body()).isEqualTo(413);
    assertThat(host.post(MANY, "").json().path("code").asText()).isEqualTo("empty-body");
  }

  @Test
  void uploads_that_are_cut_off_keep_no_place(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    SignedCalls host = known(world, api, ALL);
    for (int i = 0; i < 12; i++) {
      String sale = Documents.saleJson(1, 100 + i) + "\n";
      // Cut off in the body, and after it without waiting for the answer.
      for (String sent : List.of(sale.substring(0, 50), sale)) {
        try (Socket line = new Socket("127.0.0.1", api.port())) {
          StringBuilder head = new StringBuilder("POST " + MANY + " HTTP/1.1\r\nHost: router\r\n");
          head.append("Content-Type: application/x-ndjson\r\nContent-Length: ")
              .append(sale.length())
              .append("\r\n");
          host.headers("POST", MANY, sale)
              .forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
          line.getOutputStream().write((head + "\r\n" + sent).getBytes(StandardCharsets.US_ASCII));
          line.getOutputStream().flush();
        }
      }
    }
    Awaitility.await("there is room")
        .atMost(Duration.ofSeconds(10))
        .until(() -> host.post(MANY, Documents.saleJson(1, 1) + "\n").status() == 200);
    assertThat(api.metric("settlement_calls_refused_total{code=\"signature-replayed\"}")).isZero();
  }

  @Test
  void two_keys_are_good_while_one_follows_the_other_and_a_revoked_one_is_not(World world)
      throws Exception {
    Api first = world.startNode(1);
    Api second = world.startNode(1);
    SignedCalls old = known(world, first, ALL);
    SignedCalls renewed = known(world, second, ALL);
    String target = "/v1/credits/C0000000000001";
    assertThat(old.get(target).status()).isEqualTo(404);
    assertThat(renewed.get(target).status()).isEqualTo(404);

    Instant before = Instant.now();
    try (Connection connection = world.connect()) {
      var book = new dev.settle.router.app.ApiKeyBook(connection);
      assertThat(book.revoke(old.keyId(), "olga", "renewed")).isTrue();
      assertThat(book.revoke(old.keyId(), "olga", "again")).isFalse();
    }
    Awaitility.await("the key is refused")
        .atMost(Duration.ofSeconds(5))
        .until(() -> old.get(target).status() == 401);
    refused(old.get(target), "key-unknown");
    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
    assertThat(renewed.get(target).status()).isEqualTo(404);
    assertThat(world.queryText("SELECT revoked_by || reason FROM api_key_revocation"))
        .isEqualTo("olgarenewed");
  }

  @Test
  void a_node_that_was_not_told_looks_by_itself(World world) throws Exception {
    Api api = world.startNode(1);
    world.execute(
        world
            .queryText("SELECT pg_get_functiondef('issue_api_key'::regproc)")
            .replace("PERFORM pg_notify", "-- "));
    awaitKnown(SignedCalls.issue(world, api, ALL));
  }

  @Test
  void a_key_ends_at_its_time_without_a_word(World world) throws Exception {
    Api api = world.startNode(1);
    SignedCalls calls = SignedCalls.issue(world, api, ALL, Instant.now().plusSeconds(4));
    awaitKnown(calls);
    Awaitility.await("its time is over")
        .atMost(Duration.ofSeconds(10))
        .until(() -> calls.get("/v1/credits/C0000000000001").status() == 401);
    refused(calls.get("/v1/credits/C0000000000001"), "key-unknown");
  }

  @Test
  void the_secret_is_nowhere_in_the_database(World world) throws Exception {
    try (Connection connection = world.connect()) {
      String line =
          new dev.settle.router.app.ApiKeyBook(connection)
              .issue(world.cipher(), ALL, null, "", "olga");
      byte[] secret = java.util.Base64.getDecoder().decode(line.substring(line.indexOf(':') + 1));
      String keyId = line.substring(0, line.indexOf(':'));
      byte[] sealed =
          java.util.HexFormat.of()
              .parseHex(world.queryText("SELECT encode(secret_cipher, 'hex') FROM api_key"));
      assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
          .doesNotContain(new String(secret, StandardCharsets.ISO_8859_1));
      assertThat(world.cipher().open("api-key " + keyId, sealed)).isEqualTo(secret);
    }
  }
}
