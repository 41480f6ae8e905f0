package dev.settle.router.access;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The API keys that are good, as this node knows them: all of them, so that a request with a key id
 * that somebody made up costs no look-up. Bounded by what may be issued. Read by every event loop.
 */
public final class ApiKeys {

  private volatile Map<String, ApiKey> good = Map.of();

  @Nullable ApiKey find(String keyId) {
    return good.get(keyId);
  }

  Map<String, ApiKey> all() {
    return good;
  }

  void replace(Map<String, ApiKey> now) {
    good = Map.copyOf(now);
  }
}
