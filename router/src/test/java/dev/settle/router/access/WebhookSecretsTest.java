package dev.settle.router.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.ConfigurationException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookSecretsTest {

  /** The example that the libraries of Standard Webhooks are tested with. */
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String SECONDS = "1614265330";
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final Instant THEN = Instant.ofEpochSecond(1_614_265_330);

  private static WebhookSecrets secrets(String... lines) {
    return WebhookSecrets.of(List.of(lines), "secrets");
  }

  private static boolean signed(WebhookSecrets by, String signatures) {
    return by.signed(ID, SECONDS, BODY.getBytes(UTF_8), signatures);
  }

  @Test
  void the_published_example_is_signed() {
    assertThat(signed(secrets(SECRET), SIGNATURE)).isTrue();
    assertThat(signed(secrets(SECRET.substring("whsec_".length())), SIGNATURE)).isTrue();
  }

  @Test
  void one_good_signature_by_one_of_the_secrets_is_enough() {
    String other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assertThat(signed(secrets(other, "", SECRET), "v1a,abc v1,AAAA " + SIGNATURE)).isTrue();
    assertThat(signed(secrets(other), SIGNATURE)).isFalse();
  }

  @Test
  void whatever_is_altered_is_not_signed() {
    WebhookSecrets secrets = secrets(SECRET);
    byte[] body = BODY.getBytes(UTF_8);
    assertThat(secrets.signed(ID + "x", SECONDS, body, SIGNATURE)).isFalse();
    assertThat(secrets.signed(ID, "1614265331", body, SIGNATURE)).isFalse();
    assertThat(secrets.signed(ID, SECONDS, (BODY + " ").getBytes(UTF_8), SIGNATURE)).isFalse();
    for (String bad :
        List.of(
            "",
            "v1,",
            "v1",
            "v1,***",
            SIGNATURE.replace("v1,", ""),
            SIGNATURE.replace("v1", "v2"),
            SIGNATURE.replace("g0hM", "G0hM"),
            SIGNATURE + "AA")) {
      assertThat(signed(secrets, bad)).as(bad).isFalse();
    }
  }

  @Test
  void signatures_beyond_a_bound_are_not_looked_at() {
    assertThat(signed(secrets(SECRET), "v1,AAAA ".repeat(8) + SIGNATURE)).isFalse();
  }

  @Test
  void a_message_is_timely_for_five_minutes_either_way() {
    assertThat(WebhookSecrets.isTimely(ID, SECONDS, THEN.plusSeconds(300))).isTrue();
    assertThat(WebhookSecrets.isTimely(ID, SECONDS, THEN.minusSeconds(300))).isTrue();
    assertThat(WebhookSecrets.isTimely(ID, SECONDS, THEN.plusSeconds(301))).isFalse();
    assertThat(WebhookSecrets.isTimely(ID, SECONDS, THEN.minusSeconds(301))).isFalse();
  }

  @Test
  void ids_and_times_of_another_shape_are_not_looked_at() {
    for (String id : List.of("", "a.b", "a b", "é", "x".repeat(65))) {
      assertThat(WebhookSecrets.isTimely(id, SECONDS, THEN)).as(id).isFalse();
    }
    for (String seconds : List.of("", "-1", "0", "1614265330.5", "+1614265330", "9".repeat(20))) {
      assertThat(WebhookSecrets.isTimely(ID, seconds, THEN)).as(seconds).isFalse();
    }
    assertThat(WebhookSecrets.isTimely(null, SECONDS, THEN)).isFalse();
    assertThat(WebhookSecrets.isTimely(ID, null, THEN)).isFalse();
  }

  @Test
  void a_secret_that_is_none_stops_the_start_and_is_not_shown() {
    for (String bad : List.of("whsec_c2hvcnQ=", "not base64, not at all: 1234567890")) {
      assertThatThrownBy(() -> secrets(SECRET, bad))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("line 2")
          .hasMessageNotContaining(bad);
    }
    assertThatThrownBy(() -> secrets("")).isInstanceOf(ConfigurationException.class);
  }
}
