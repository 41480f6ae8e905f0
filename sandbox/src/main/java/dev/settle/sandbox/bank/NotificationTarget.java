package dev.settle.sandbox.bank;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where the bank sends its notifications, and the secret that it signs them with as Standard
 * Webhooks (standardwebhooks.com) has it: HMAC-SHA256 over {@code id.timestamp.body}.
 */
public final class NotificationTarget {
  private static final String SECRET_PREFIX = "whsec_";
  private static final String ALGORITHM = "HmacSHA256";

  private final URI url;
  private final SecretKeySpec key;

  private NotificationTarget(URI url, SecretKeySpec key) {
    this.url = url;
    this.key = key;
  }

  /**
   * A target.
   *
   * @param url absolute, http or https
   * @param secret base64, with or without {@code whsec_} before it
   * @throws IllegalArgumentException when either is not of that shape; the message does not hold
   *     the secret
   */
  public static NotificationTarget of(String url, String secret) {
    return new NotificationTarget(url(url), key(secret));
  }

  static URI url(String url) {
    URI parsed = URI.create(url);
    boolean http = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
    if (!http || parsed.getHost() == null) {
      throw new IllegalArgumentException("is not an absolute http URL");
    }
    return parsed;
  }

  static SecretKeySpec key(String secret) {
    String base64 =
        secret.startsWith(SECRET_PREFIX) ? secret.substring(SECRET_PREFIX.length()) : secret;
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      // Its own message would show a piece of the secret.
      throw new IllegalArgumentException("is not base64", null);
    }
    if (bytes.length == 0) {
      throw new IllegalArgumentException("is empty");
    }
    return new SecretKeySpec(bytes, ALGORITHM);
  }

  String url() {
    return url.toString();
  }

  /** The value of {@code webhook-signature} for these bytes. */
  String signature(String id, long timestampSeconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update((id + "." + timestampSeconds + ".").getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
