package dev.settle.router.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.settle.router.platform.ConfigurationException;
import java.time.Instant;
import java.util.List;

/** {@code JAZZER_FUZZ=1} makes this a search; otherwise it tries what was once found. */
class WebhookSecretsFuzzTest {

  private static final WebhookSecrets SECRETS =
      WebhookSecrets.of(List.of("whsec_" + "A".repeat(32)), "a test");

  @FuzzTest
  void no_bytes_are_a_signature(byte[] bytes) {
    String[] words = (new String(bytes, ISO_8859_1) + "\n\n\n").split("\n", 4);
    WebhookSecrets.isTimely(words[0], words[1], Instant.EPOCH);
    assertThat(SECRETS.signed(words[0], words[1], bytes, words[2])).isFalse();
  }

  @FuzzTest
  void any_file_has_secrets_or_is_refused_without_showing_it(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    try {
      assertThat(WebhookSecrets.of(text.lines().toList(), "the file").isEmpty()).isFalse();
    } catch (ConfigurationException refused) {
      assertThat(refused.getMessage()).startsWith("the file").hasSizeLessThan(100);
    }
  }
}
