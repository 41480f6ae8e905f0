package dev.settle.router.webhook;

import dev.settle.router.access.WebhookSignature;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What one webhook's messages are signed with, as Standard Webhooks (standardwebhooks.com) has it:
 * 32 random bytes; HMAC-SHA256 over {@code id.timestamp.body}.
 */
final class Secret {

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] key;

  Secret(byte[] key) {
    this.key = key.clone();
  }

  static Secret fresh() {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    return new Secret(key);
  }

  /** For the database, encrypted. */
  byte[] bytes() {
    return key.clone();
  }

  /** As its owner is shown it, once. */
  String reveal() {
    return "whsec_" + Base64.getEncoder().encodeToString(key);
  }

  /** One signature, with its version. */
  String sign(String id, long seconds, byte[] body) {
    byte[] signature =
        WebhookSignature.of(WebhookSignature.key(key), id, String.valueOf(seconds), body);
    return WebhookSignature.VERSION + Base64.getEncoder().encodeToString(signature);
  }

  @Override
  public String toString() {
    return "whsec_***";
  }
}
