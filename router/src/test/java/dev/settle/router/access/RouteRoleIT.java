package dev.settle.router.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.DemoKeys;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.SignedCalls;
import dev.settle.router.testing.World;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class RouteRoleIT {

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  @Test
  void each_role_reaches_the_routes_of_the_table_and_no_other(World world) throws Exception {
    Api api = world.startNode(1);
    for (Route route : Route.values()) {
      for (Role role : Role.values()) {
        Api.Answer answer = call(api, route, "Bearer " + api.token(role));
        if (route.proof() == Route.Proof.SIGNATURE) {
          assertThat(answer.status()).as(route + " " + role).isEqualTo(401);
          assertThat(answer.json().path("code").asText()).isEqualTo("signature-invalid");
        } else if (route.isOpen() || route.roles().contains(role)) {
          assertThat(answer.status()).as(route + " " + role).isNotIn(401, 403, 500, 503);
        } else {
          assertThat(answer.status()).as(route + " " + role).isEqualTo(403);
          assertThat(answer.json().path("code").asText()).isEqualTo("forbidden");
        }
      }
    }
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isZero();
  }

  @Test
  void who_shows_no_valid_token_gets_nowhere(World world) throws Exception {
    Api api = world.startNode(1);
    for (Map.Entry<String, String> bad : badTokens(world).entrySet()) {
      for (Route route : Route.values()) {
        Api.Answer answer = call(api, route, bad.getValue());
        if (route.isOpen()) {
          assertThat(answer.status()).isEqualTo(200);
        } else if (route.proof() == Route.Proof.SIGNATURE) {
          assertThat(answer.status()).as(route + " " + bad.getKey()).isEqualTo(401);
          assertThat(answer.headers().get("www-authenticate")).containsExactly("StandardWebhooks");
        } else {
          assertThat(answer.status()).as(route + " " + bad.getKey()).isEqualTo(401);
          assertThat(answer.contentType()).isEqualTo("application/problem+json");
          assertThat(answer.json().path("code").asText())
              .as(bad.getKey())
              .isEqualTo(code(bad.getKey()));
          assertThat(answer.headers().get("www-authenticate")).containsExactly("Bearer");
        }
      }
    }
    RefusalsRecorded.assertAll(world, api, 500);
  }

  /** The code that a bad token is refused with. */
  private static String code(String what) {
    return switch (what) {
      case "no header", "no token", "another scheme" -> "unauthenticated";
      case "expired" -> "token-expired";
      case "not yet valid", "issued in the future" -> "token-not-yet-valid";
      case "valid for too long" -> "token-too-long";
      case "another issuer", "another audience" -> "token-not-for-us";
      case "no expiry",
          "no subject",
          "blank subject",
          "no role",
          "an unknown role",
          "role in capitals",
          "role as a list",
          "subject as a number",
          "a terminal of no acquirer",
          "an auditor of an acquirer" ->
          "token-claims";
      default -> "token-invalid";
    };
  }

  /** An API key is a terminal's: the table holds for it as for a terminal's token. */
  @Test
  void an_api_key_reaches_what_a_terminal_reaches_and_no_other(World world) throws Exception {
    Api api = world.startNode(1);
    SignedCalls calls = SignedCalls.issue(world, api, Scope.ofAcquirer(DemoKeys.ACQUIRER));
    SignedCalls forger = SignedCalls.with(api, calls.keyId(), new byte[32]);
    Awaitility.await("the node hears of the key")
        .atMost(Duration.ofSeconds(10))
        .until(() -> calls.get("/v1/credits/C0000000000001").status() == 404);
    for (Route route : Route.values()) {
      String target = target(route);
      String method = route.method().name();
      String body = route.method() == HttpMethod.GET ? "" : "{}";
      if (route.isOpen() || route.proof() == Route.Proof.SIGNATURE) {
        continue; // Nobody looks at it there.
      }
      Api.Answer answer = calls.send(method, target, calls.headers(method, target, body), body);
      if (route.roles().contains(Role.TERMINAL)) {
        assertThat(answer.status()).as(route + answer.body()).isNotIn(401, 403, 500, 503);
      } else {
        assertThat(answer.status()).as(route.name()).isEqualTo(403);
        assertThat(answer.json().path("code").asText()).isEqualTo("forbidden");
      }
      Api.Answer forged = calls.send(method, target, forger.headers(method, target, body), body);
      assertThat(forged.status()).as(route.name()).isEqualTo(401);
      assertThat(forged.json().path("code").asText()).isEqualTo("signature-invalid");
    }
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isZero();
    RefusalsRecorded.assertAll(world, api, 40);
  }

  /** What the tokens below differ in is really what they are refused for. */
  @Test
  void a_token_made_by_hand_in_the_right_way_is_taken(World world) throws Exception {
    Api api = world.startNode(1);
    assertThat(call(api, Route.GET_UNPOSTED, "Bearer " + sign(world, claims())).status())
        .isEqualTo(200);
    assertThat(call(api, Route.GET_UNPOSTED, "bearer " + sign(world, claims())).status())
        .isEqualTo(200);
  }

  @Test
  void a_remembered_token_still_expires(World world) throws Exception {
    Api api = world.startNode(1);
    String token = "Bearer " + sign(world, claims().put("exp", Instant.now().getEpochSecond() + 3));
    assertThat(call(api, Route.GET_UNPOSTED, token).status()).isEqualTo(200);
    assertThat(call(api, Route.GET_UNPOSTED, token).status()).isEqualTo(200);
    Awaitility.await("the token expires")
        .atMost(Duration.ofSeconds(30))
        .until(() -> call(api, Route.GET_UNPOSTED, token).status() == 401);
  }

  private static Map<String, String> badTokens(World world) throws Exception {
    String good = sign(world, claims());
    String[] parts = good.split("\\.");
    String none = encoded(new JsonObject().put("alg", "none").put("typ", "JWT"));
    long now = Instant.now().getEpochSecond();
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("no header", "");
    bad.put("no token", "Bearer ");
    bad.put("parts in another order", "Bearer " + parts[1] + "." + parts[0] + "." + parts[2]);
    bad.put("signature first", "Bearer " + parts[2] + "." + parts[0] + "." + parts[1]);
    bad.put("cut off", "Bearer " + good.substring(0, good.length() - 4));
    bad.put("four parts", "Bearer " + good + "." + parts[2]);
    bad.put("issued in the future", "Bearer " + sign(world, claims().put("iat", now + 600)));
    bad.put("valid for too long", "Bearer " + sign(world, claims().put("exp", now + 90_000)));
    bad.put("a terminal of no acquirer", "Bearer " + sign(world, claims().put("role", "terminal")));
    bad.put(
        "an auditor of an acquirer",
        "Bearer " + sign(world, claims().put("acquirer", DemoKeys.ACQUIRER)));
    bad.put("garbage", "Bearer garbage");
    bad.put("three dots", "Bearer ...");
    bad.put("another scheme", "Basic " + good);
    bad.put("alg none", "Bearer " + none + "." + parts[1] + ".");
    bad.put("alg none, signed", "Bearer " + none + "." + parts[1] + "." + parts[2]);
    bad.put("no signature", "Bearer " + parts[0] + "." + parts[1] + ".");
    bad.put(
        "other claims under the same signature",
        "Bearer " + parts[0] + "." + encoded(claims().put("sub", "eve")) + "." + parts[2]);
    bad.put("another key", "Bearer " + sign("0".repeat(64).getBytes(UTF_8), "HS256", claims()));
    bad.put(
        "another algorithm",
        "Bearer " + sign(Files.readAllBytes(world.tokenSecret()), "HS512", claims()));
    bad.put("expired", "Bearer " + sign(world, claims().put("exp", now - 1)));
    bad.put("not yet valid", "Bearer " + sign(world, claims().put("nbf", now + 600)));
    bad.put("no expiry", "Bearer " + sign(world, without("exp")));
    bad.put("no subject", "Bearer " + sign(world, without("sub")));
    bad.put("blank subject", "Bearer " + sign(world, claims().put("sub", " ")));
    bad.put("no role", "Bearer " + sign(world, without("role")));
    bad.put("an unknown role", "Bearer " + sign(world, claims().put("role", "root")));
    bad.put("role in capitals", "Bearer " + sign(world, claims().put("role", "AUDITOR")));
    bad.put("role as a list", "Bearer " + sign(world, claims().put("role", new JsonArray())));
    bad.put("subject as a number", "Bearer " + sign(world, claims().put("sub", 7)));
    bad.put("expiry as text", "Bearer " + sign(world, claims().put("exp", "never")));
    bad.put("another issuer", "Bearer " + sign(world, claims().put("iss", "somebody")));
    bad.put(
        "another audience",
        "Bearer " + sign(world, claims().put("aud", new JsonArray().add("somebody"))));
    return bad;
  }

  private static JsonObject claims() {
    return new JsonObject()
        .put("sub", "auditor-1")
        .put("role", "auditor")
        .put("iss", "settlement-router")
        .put("aud", new JsonArray().add("settlement-router"))
        .put("exp", Instant.now().getEpochSecond() + 600);
  }

  private static JsonObject without(String claim) {
    JsonObject claims = claims();
    claims.remove(claim);
    return claims;
  }

  private static String sign(World world, JsonObject claims) throws Exception {
    return sign(Files.readAllBytes(world.tokenSecret()), "HS256", claims);
  }

  private static String sign(byte[] key, String algorithm, JsonObject claims) throws Exception {
    String signed =
        encoded(new JsonObject().put("alg", algorithm).put("typ", "JWT")) + "." + encoded(claims);
    String name = algorithm.replace("HS", "HmacSHA");
    Mac mac = Mac.getInstance(name);
    mac.init(new SecretKeySpec(key, name));
    return signed + "." + BASE64.encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
  }

  private static String encoded(JsonObject json) {
    return BASE64.encodeToString(json.encode().getBytes(UTF_8));
  }

  private static Api.Answer call(Api api, Route route, String authorization) {
    String path = target(route);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (route.method() == HttpMethod.POST) {
      request
          .header(
              "Content-Type", path.endsWith("/bulk") ? "application/x-ndjson" : "application/json")
          .POST(HttpRequest.BodyPublishers.ofString("{}"));
    }
    if (route.method() == HttpMethod.PUT) {
      request
          .header("Content-Type", "application/json")
          .PUT(HttpRequest.BodyPublishers.ofString("{}"));
    }
    // Its answer has no end.
    return route == Route.STREAM_EVENTS ? api.begin(request.build()) : api.send(request.build());
  }

  private static String target(Route route) {
    return route
        .path()
        .replace(":creditId", "C0000000000001")
        .replace(":merchantId", "M000001")
        .replace(":accountId", "A1")
        .replace(":cardChangeId", "CC1")
        .replace(":orderId", "RO1")
        .replace(":rail", "sandbox")
        .replace("*", route == Route.CONSOLE ? "app.js" : "swagger-ui.css");
  }
}
