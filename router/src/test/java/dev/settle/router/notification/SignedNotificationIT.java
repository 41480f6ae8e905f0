package dev.settle.router.notification;

import static dev.settle.router.testing.SignedNotices.body;
import static dev.settle.router.testing.SignedNotices.sign;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.SignedNotices;
import dev.settle.router.testing.World;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may notify, and what of it is read at all. */
@ExtendWith(InvariantsHold.class)
class SignedNotificationIT {

  private static final String BODY = body("posted", "E1", 1, "BOOK", "");

  private static void refused(Api.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.json().path("code").asText()).isEqualTo(code);
  }

  @Test
  void what_is_forged_old_or_altered_is_refused_before_it_is_read(World world) throws Exception {
    Api api = world.startNode(1);
    SignedNotices bank = new SignedNotices(api, world);
    String secret = SignedNotices.secretOf(world);
    String other = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
    long now = Instant.now().getEpochSecond();
    String time = String.valueOf(now);
    String old = String.valueOf(now - 400);
    String early = String.valueOf(now + 400);
    String good = sign(secret, "m1", time, BODY);

    refused(
        bank.send("sandbox", "m1", time, sign(other, "m1", time, BODY), BODY),
        401,
        "signature-invalid");
    refused(
        bank.send("sandbox", "m1", old, sign(secret, "m1", old, BODY), BODY),
        401,
        "signature-invalid");
    refused(
        bank.send("sandbox", "m1", early, sign(secret, "m1", early, BODY), BODY),
        401,
        "signature-invalid");
    refused(
        bank.send("sandbox", "m1", time, good, BODY.replace(":1,", ":2,")),
        401,
        "signature-invalid");
    refused(bank.send("sandbox", "m2", time, good, BODY), 401, "signature-invalid");
    refused(bank.send("sandbox", "m1", time, good, "{\"x"), 401, "signature-invalid");
    // Re-ordered: what is signed, and what the header says.
    refused(
        bank.send("sandbox", "m1", time, sign(secret, time, "m1", BODY), BODY),
        401,
        "signature-invalid");
    refused(
        bank.send("sandbox", "m1", time, good.substring(3) + ",v1", BODY),
        401,
        "signature-invalid");
    refused(
        bank.send("sandbox", "m1", time, good.substring(0, good.length() - 4), BODY),
        401,
        "signature-invalid");
    refused(bank.send("nobody", "m1", time, good, BODY), 404, "not-found");
    assertThat(world.queryLong("SELECT count(*) FROM rail_notification")).isZero();
    assertThat(api.metric("settlement_notification_signatures_refused_total{rail=\"sandbox\"}"))
        .isEqualTo(9);

    Api.Answer taken =
        bank.send("sandbox", "m1", time, sign(other, "m1", time, BODY) + " " + good, BODY);
    assertThat(taken.status()).isEqualTo(202);
  }

  @Test
  void what_cannot_be_read_is_refused_by_field_and_not_kept(World world) throws Exception {
    SignedNotices bank = new SignedNotices(world.startNode(1), world);

    refused(bank.send("nonsense"), 400, "malformed-json");
    Api.Answer unknown = bank.send(BODY.replace("reason", "").replace("\"type\"", "\"typ\""));
    refused(unknown, 422, "unknown-field");
    Api.Answer status = bank.send(BODY.replace("BOOK", "INFO"));
    refused(status, 422, "invalid-value");
    assertThat(status.json().path("field").asText()).isEqualTo("entryStatus");
    refused(bank.send(" ".repeat(20_000)), 413, "body-too-large");
    assertThat(world.queryLong("SELECT count(*) FROM rail_notification")).isZero();
  }

  @Test
  void a_node_without_secrets_takes_none(World world) throws Exception {
    String secret = SignedNotices.secretOf(world);
    Api other = world.startNode(1);
    SignedNotices bank = new SignedNotices(other, world);
    String time = String.valueOf(Instant.now().getEpochSecond());
    world.notificationSecrets(null);
    Api api = world.startNode(1);

    Api.Answer answer =
        api.send(
            java.net.http.HttpRequest.newBuilder(java.net.URI.create(SignedNotices.address(api)))
                .header("webhook-id", "m1")
                .header("webhook-timestamp", time)
                .header("webhook-signature", sign(secret, "m1", time, BODY))
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(BODY))
                .build());

    refused(answer, 503, "notification-not-configured");
    assertThat(answer.headers()).containsKey("retry-after");
    assertThat(bank.outcome(BODY)).isEqualTo("202 UNKNOWN");
  }
}
