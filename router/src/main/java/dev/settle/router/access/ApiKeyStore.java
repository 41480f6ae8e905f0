package dev.settle.router.access;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the API keys that are good. */
public final class ApiKeyStore {

  private static final Logger LOG = LoggerFactory.getLogger(ApiKeyStore.class);

  private final Pool pool;
  private final SecretSeal seal;

  public ApiKeyStore(Pool pool, SecretSeal seal) {
    this.pool = pool;
    this.seal = seal;
  }

  /** How many changes of keys there were; another number means that they are to be read anew. */
  Future<Long> changes() {
    return pool.preparedQuery("SELECT no FROM api_key_change")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /**
   * The keys that are good, by their ids.
   *
   * @param before those known, whose secrets need not be decrypted again
   */
  Future<Map<String, ApiKey>> good(Map<String, ApiKey> before) {
    return pool.preparedQuery(
            "SELECT key_id, acquirer_id, merchants, secret_cipher, not_after FROM api_key_good LIMIT $1")
        .execute(Tuple.of(Limits.API_KEYS))
        .map(
            rows -> {
              Map<String, ApiKey> keys = new HashMap<>();
              for (Row row : rows) {
                String keyId = row.getString("key_id");
                ApiKey known = before.get(keyId);
                if (known != null) {
                  keys.put(keyId, known);
                } else {
                  read(row, keyId, keys);
                }
              }
              return keys;
            });
  }

  /** One that does not decrypt keeps no other from being used. */
  private void read(Row row, String keyId, Map<String, ApiKey> keys) {
    try {
      byte[] secret = seal.open(keyId, row.getBuffer("secret_cipher").getBytes());
      String[] merchants = row.getArrayOfStrings("merchants");
      OffsetDateTime notAfter = row.getOffsetDateTime("not_after");
      keys.put(
          keyId,
          new ApiKey(
              keyId,
              new Scope(
                  row.getString("acquirer_id"), merchants == null ? Set.of() : Set.of(merchants)),
              new SecretKeySpec(secret, RequestSigner.ALGORITHM),
              notAfter == null ? null : notAfter.toInstant()));
    } catch (IllegalStateException | IllegalArgumentException unusable) {
      LOG.error("the API key {} cannot be used: is the keyset that of the other nodes?", keyId);
    }
  }
}
