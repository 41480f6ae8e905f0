package dev.settle.router.access;

import java.time.Instant;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key that terminals or an acquirer's host sign their requests with.
 *
 * @param keyId what a request names it by; no secret
 * @param scope whose transactions it may submit and see
 * @param secret the shared secret
 * @param notAfter when it is good no more; null: until it is revoked
 */
record ApiKey(String keyId, Scope scope, SecretKeySpec secret, @Nullable Instant notAfter) {

  boolean isGood(Instant now) {
    return notAfter == null || now.isBefore(notAfter);
  }

  /** Who signs with it. */
  Principal principal() {
    return new Principal(
        Principal.KEY + keyId, Role.TERMINAL, notAfter == null ? Instant.MAX : notAfter, scope);
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "ApiKey[" + keyId + "]";
  }
}
