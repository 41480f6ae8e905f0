package dev.settle.router.app;

import dev.settle.router.access.ApiKeyFeed;
import dev.settle.router.access.ApiKeyStore;
import dev.settle.router.access.Credentials;
import dev.settle.router.access.SecretSeal;
import dev.settle.router.access.Tokens;
import dev.settle.router.audit.AuditTrail;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.Settings;
import dev.settle.router.telemetry.RouterMetrics;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Clock;

/** Wires what a node knows its callers by, and who hears of those it refuses. */
final class Access {

  private Access() {}

  /** Blocking: for start-up. */
  static Credentials credentials(
      Vertx vertx, Settings settings, RouterMetrics metrics, AuditTrail trail) {
    Clock clock = Clock.systemUTC();
    metrics.refusalCodes(Credentials.refusalCodes());
    return new Credentials(
        Tokens.of(vertx, settings.tokenSecretFile(), settings.access(), clock),
        clock,
        trail,
        metrics::callRefused);
  }

  static ApiKeyFeed feed(Vertx vertx, Pool pool, NodeParts parts) {
    return new ApiKeyFeed(
        vertx, new ApiKeyStore(pool, seal(parts.cipher())), parts.credentials().apiKeys());
  }

  /** The secrets of API keys are encrypted with the keys of the account numbers. */
  static SecretSeal seal(AccountCipher cipher) {
    return new SecretSeal() {
      @Override
      public byte[] seal(String keyId, byte[] secret) {
        return cipher.seal(use(keyId), secret);
      }

      @Override
      public byte[] open(String keyId, byte[] sealed) {
        return cipher.open(use(keyId), sealed);
      }
    };
  }

  private static String use(String keyId) {
    return "api-key " + keyId;
  }
}
