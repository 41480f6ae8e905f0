package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.AccessSettings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Issuer;
import dev.settle.router.testing.World;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of an issuer with public keys are taken as it signed them, and by no other way. */
@ExtendWith(InvariantsHold.class)
class IssuerTokensIT {

  private static final Issuer RSA = Issuer.rsa("rsa-1", 2_048);
  private static final Issuer EC = Issuer.ec("ec-1");

  @TempDir Path directory;

  private static void issuer(World world, String where) {
    AccessSettings demo = AccessSettings.DEMO;
    world.access(
        new AccessSettings(
            demo.tls(),
            where,
            Issuer.NAME,
            demo.audience(),
            demo.roleClaim(),
            Duration.ofHours(1),
            false,
            true));
  }

  private static Api.Answer call(Api api, String token) {
    return api.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/v1/unposted"))
            .header("Authorization", "Bearer " + token)
            .build());
  }

  private static void refused(Api.Answer answer, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(401);
    assertThat(answer.json().path("code").asText()).isEqualTo(code);
  }

  @Test
  void tokens_of_both_kinds_are_taken_beside_our_own(World world) throws Exception {
    Path keys = Files.writeString(directory.resolve("jwks.json"), Issuer.keySet(RSA, EC));
    issuer(world, keys.toString());
    Api api = world.startNode(1);
    Awaitility.await("the keys are read")
        .atMost(Duration.ofSeconds(10))
        .until(() -> call(api, RSA.token(Issuer.claims())).status() == 200);
    assertThat(call(api, EC.token(Issuer.claims())).status()).isEqualTo(200);
    assertThat(call(api, api.token(Role.AUDITOR)).status()).isEqualTo(200);
    refused(call(api, RSA.token(Issuer.claims().put("role", "nobody"))), "token-claims");
    refused(
        call(api, RSA.token(Issuer.claims().put("iss", "settlement-router"))), "token-not-for-us");
    refused(call(api, EC.token(Issuer.claims().put("aud", "another"))), "token-not-for-us");
    long now = java.time.Instant.now().getEpochSecond();
    refused(call(api, EC.token(Issuer.claims().put("exp", now - 1))), "token-expired");
    refused(call(api, EC.token(Issuer.claims().put("nbf", now + 600))), "token-not-yet-valid");
    refused(call(api, EC.token(Issuer.claims().put("exp", now + 7_200))), "token-too-long");
    for (Map.Entry<String, String> bad : forged(world).entrySet()) {
      Api.Answer answer = call(api, bad.getValue());
      assertThat(answer.status()).as(bad.getKey()).isEqualTo(401);
      assertThat(answer.json().path("code").asText()).as(bad.getKey()).isEqualTo("token-invalid");
    }
    RefusalsRecorded.assertAll(world, api, 30);
  }

  private static Map<String, String> forged(World world) throws Exception {
    JsonObject claims = Issuer.claims();
    JsonObject rs = new JsonObject().put("alg", "RS256").put("kid", "rsa-1");
    String good = RSA.token(claims);
    String[] parts = good.split("\\.");
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("another key under the known id", Issuer.rsa("rsa-1", 2_048).token(claims));
    bad.put("an unknown id", Issuer.rsa("rsa-2", 2_048).token(claims));
    bad.put("no id", RSA.token(new JsonObject().put("alg", "RS256"), claims));
    bad.put("the id of the other key", RSA.token(rs.copy().put("kid", "ec-1"), claims));
    bad.put("the algorithm of the other key", RSA.token(rs.copy().put("alg", "ES256"), claims));
    bad.put("an id that is a number", RSA.token(rs.copy().put("kid", 1), claims));
    bad.put("something critical", RSA.token(rs.copy().put("crit", "b64"), claims));
    bad.put("RS512", RSA.token(rs.copy().put("alg", "RS512"), claims));
    for (String none : new String[] {"none", "None", "NONE", "nOnE"}) {
      String head = Issuer.encoded(rs.copy().put("alg", none));
      bad.put(none, head + "." + parts[1] + ".");
      bad.put(none + ", signed", head + "." + parts[1] + "." + parts[2]);
    }
    bad.put("cut off", good.substring(0, good.length() - 8));
    bad.put("without a signature", parts[0] + "." + parts[1] + ".");
    bad.put("two parts", parts[0] + "." + parts[1]);
    bad.put("four parts", good + "." + parts[2]);
    bad.put("parts in another order", parts[1] + "." + parts[0] + "." + parts[2]);
    bad.put("signature first", parts[2] + "." + parts[0] + "." + parts[1]);
    bad.put("the public key as a secret", hmac(RSA.publicBytes(), rs, claims));
    bad.put("its PEM as a secret", hmac(pem(RSA.publicBytes()), rs, claims));
    byte[] own = Files.readAllBytes(world.tokenSecret());
    bad.put("our own secret for the issuer's algorithm", hmac(own, rs, "RS256", claims));
    String zero = Issuer.encoded(new JsonObject().put("alg", "ES256").put("kid", "ec-1"));
    bad.put(
        "a signature of zeros",
        zero
            + "."
            + parts[1]
            + "."
            + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]));
    return bad;
  }

  private static byte[] pem(byte[] key) {
    return ("-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
            + "\n-----END PUBLIC KEY-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String hmac(byte[] key, JsonObject header, JsonObject claims) throws Exception {
    return hmac(key, header, "HS256", claims);
  }

  private static String hmac(byte[] key, JsonObject header, String algorithm, JsonObject claims)
      throws Exception {
    String signed =
        Issuer.encoded(header.copy().put("alg", algorithm)) + "." + Issuer.encoded(claims);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    byte[] mark = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mark);
  }

  /** Its own tokens do not become the issuer's either. */
  @Test
  void a_token_of_our_own_key_has_our_own_name_on_it(World world) throws Exception {
    Path keys = Files.writeString(directory.resolve("jwks.json"), Issuer.keySet(RSA));
    issuer(world, keys.toString());
    Api api = world.startNode(1);
    byte[] own = Files.readAllBytes(world.tokenSecret());
    refused(call(api, hmac(own, new JsonObject(), Issuer.claims())), "token-not-for-us");
    assertThat(
            call(api, hmac(own, new JsonObject(), Issuer.claims().put("iss", "settlement-router")))
                .status())
        .isEqualTo(200);
  }

  @Test
  void a_new_key_is_found_in_time_and_made_up_ones_do_not_wear_out_the_issuer(World world)
      throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger status = new AtomicInteger(503);
    Vertx vertx = Vertx.vertx();
    try {
      int port =
          World.await(
                  vertx
                      .createHttpServer()
                      .requestHandler(
                          request -> {
                            asked.incrementAndGet();
                            request.response().setStatusCode(status.get()).end(Issuer.keySet(RSA));
                          })
                      .listen(0, "127.0.0.1"))
              .actualPort();
      issuer(world, "http://127.0.0.1:" + port + "/keys");
      Api api = world.startNode(1);
      Awaitility.await("it is asked at the start")
          .atMost(Duration.ofSeconds(10))
          .until(() -> asked.get() == 1);
      Api.Answer away = call(api, RSA.token(Issuer.claims()));
      assertThat(away.status()).as("nothing is known yet").isEqualTo(503);
      assertThat(away.json().path("code").asText()).isEqualTo("token-keys-away");

      status.set(200);
      Awaitility.await("the keys are read as soon as a token needs them, and a pause is over")
          .atMost(Duration.ofSeconds(20))
          .until(() -> call(api, RSA.token(Issuer.claims())).status() == 200);
      assertThat(asked.get()).isEqualTo(2);
      Issuer stranger = Issuer.ec("made-up");
      for (int i = 0; i < 100; i++) {
        refused(call(api, stranger.token(Issuer.claims())), "token-invalid");
      }
      assertThat(asked.get()).isLessThanOrEqualTo(3);
      assertThat(call(api, RSA.token(Issuer.claims().put("sub", "Bea"))).status()).isEqualTo(200);
    } finally {
      World.await(vertx.close());
    }
  }
}
