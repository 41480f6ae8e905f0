package dev.settle.router.access;

import java.time.Instant;
import java.util.List;

/** How whoever knows a secret checks a message: by the class that the router checks banks with. */
public final class SignatureCheck {

  private SignatureCheck() {}

  public static boolean isSigned(
      String secret, String id, String seconds, byte[] body, String signatures) {
    return WebhookSecrets.isTimely(id, seconds, Instant.now())
        && WebhookSecrets.of(List.of(secret), "the test").signed(id, seconds, body, signatures);
  }
}
