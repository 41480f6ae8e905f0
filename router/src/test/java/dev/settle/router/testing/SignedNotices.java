package dev.settle.router.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Notifications as a bank signs and sends them, by the test's own hand. */
public final class SignedNotices {

  private final Api api;
  private final String secret;

  public SignedNotices(Api api, World world) throws Exception {
    this.api = api;
    this.secret = secretOf(world);
  }

  /** The secret that nodes of this world take. */
  public static String secretOf(World world) throws Exception {
    return Files.readString(Objects.requireNonNull(world.notificationSecrets())).trim();
  }

  /** Where the node takes them. */
  public static String address(Api api) {
    return "http://127.0.0.1:" + api.port() + "/v1/rails/sandbox/notifications";
  }

  /** A body about money. */
  public static String body(
      String type, String endToEndId, long amountMinor, String entryStatus, String reason) {
    return "{\"type\":\""
        + type
        + "\",\"occurredAt\":\""
        + Instant.now()
        + "\",\"endToEndId\":\""
        + endToEndId
        + "\",\"amountMinor\":"
        + amountMinor
        + ",\"currency\":\"CNY\",\"entryStatus\":\""
        + entryStatus
        + "\""
        + (reason.isEmpty() ? "" : ",\"reason\":\"" + reason + "\"")
        + "}";
  }

  /** A body about an account. */
  public static String changed(String endToEndId, String number, String holder) {
    return "{\"type\":\"account-changed\",\"occurredAt\":\""
        + Instant.now()
        + "\",\"endToEndId\":\""
        + endToEndId
        + "\",\"account\":{\"number\":\""
        + number
        + "\",\"bank\":\"102\",\"holder\":\""
        + holder
        + "\"}}";
  }

  /** Sends a body under a new id. */
  public Api.Answer send(String body) {
    return send("msg_" + UUID.randomUUID(), body);
  }

  public Api.Answer send(String id, String body) {
    String seconds = String.valueOf(Instant.now().getEpochSecond());
    return send("sandbox", id, seconds, sign(secret, id, seconds, body), body);
  }

  /** The outcome of a body that is sent under a new id. */
  public String outcome(String body) {
    Api.Answer answer = send(body);
    return answer.status() + " " + answer.json().path("outcome").asText();
  }

  /** Sends these very headers. */
  public Api.Answer send(String rail, String id, String seconds, String signature, String body) {
    return api.send(
        HttpRequest.newBuilder(URI.create(address(api).replace("sandbox", rail)))
            .header("Content-Type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  public static String sign(String secret, String id, String seconds, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Base64.getDecoder().decode(secret.replace("whsec_", ""));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] mark = mac.doFinal((id + "." + seconds + "." + body).getBytes(UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mark);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
