package dev.settle.router.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What one webhook's messages are signed with, as Standard Webhooks (standardwebhooks.com) has it:
 * 32 random bytes; HMAC-SHA256 over {@code id.timestamp.body}.
 */
final class Secret {

  private static final String ALGORITHM = "HmacSHA256";
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
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "whsec_***";
  }
}
