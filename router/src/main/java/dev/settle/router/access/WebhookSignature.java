package dev.settle.router.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a message as Standard Webhooks (standardwebhooks.com) has it, of those that we
 * are sent and of those that we send: HMAC-SHA256 over {@code id.timestamp.body}.
 */
public final class WebhookSignature {

  /** What a signature of this kind begins with. */
  public static final String VERSION = "v1,";

  private static final String ALGORITHM = "HmacSHA256";

  private WebhookSignature() {}

  /** The secret, to sign with. */
  public static SecretKeySpec key(byte[] secret) {
    return new SecretKeySpec(secret, ALGORITHM);
  }

  /**
   * The signature's bytes.
   *
   * @param seconds the message's time, since 1970
   */
  public static byte[] of(SecretKeySpec key, String id, String seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
