package dev.settle.load.bench;

import io.vertx.core.json.JsonObject;

/** What a run found, as JSON; the names are a contract with whoever reads it. */
final class BenchResult {

  private final JsonObject json = new JsonObject();

  void put(String name, Object value) {
    json.put(name, value);
  }

  JsonObject json() {
    return json;
  }
}
