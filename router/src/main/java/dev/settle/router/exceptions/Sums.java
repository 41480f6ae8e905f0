package dev.settle.router.exceptions;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many credits, and their amounts by currency in minor units. */
final class Sums {

  private final Map<String, Object> minor = new TreeMap<>();
  private long count;

  /** A credit that nobody knows has no currency and no amount. */
  void add(@Nullable String currency, long credits, @Nullable Long amountMinor) {
    count += credits;
    if (currency != null && amountMinor != null) {
      minor.merge(currency, amountMinor, (one, other) -> (Long) one + (Long) other);
    }
  }

  long count() {
    return count;
  }

  JsonObject minor() {
    return new JsonObject(minor);
  }

  JsonObject addTo(JsonObject json) {
    return json.put("count", count).put("amountMinor", minor());
  }
}
