package dev.settle.router.exceptions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An operator who looks at exceptions and orders, over one node. */
final class Exceptions {

  private final Api api;

  Exceptions(Api api) {
    this.api = api;
  }

  JsonNode list(String query) {
    Api.Answer answer = api.get("/v1/exceptions" + query, Role.OPERATOR);
    if (answer.status() != 200) {
      throw new AssertionError(answer.status() + " " + answer.body());
    }
    return answer.json();
  }

  /** All pages, one after the other. */
  List<JsonNode> all(String query, int limit) {
    List<JsonNode> all = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = list("?limit=" + limit + query + after);
      page.path("exceptions").forEach(all::add);
      after = page.path("next").isNull() ? "" : "&after=" + page.path("next").asText();
    } while (!after.isEmpty());
    return all;
  }

  Api.Answer post(String path, JsonObject body) {
    return api.post(
        "/v1/exceptions" + path,
        Role.OPERATOR,
        "application/json",
        body.encode().getBytes(StandardCharsets.UTF_8));
  }

  static JsonObject of(String action, JsonObject filter) {
    return new JsonObject().put("action", action).put("filter", filter);
  }

  static JsonObject of(String action, List<String> credits) {
    return new JsonObject().put("action", action).put("creditIds", new JsonArray(credits));
  }

  static JsonObject byReason(String reason) {
    return new JsonObject().put("reason", reason);
  }

  JsonNode preview(JsonObject selection) {
    Api.Answer answer = post("/preview", selection);
    if (answer.status() != 200) {
      throw new AssertionError(answer.status() + " " + answer.body());
    }
    return answer.json();
  }

  /** The order of what the preview shows. */
  JsonObject ordering(JsonObject selection) {
    JsonNode preview = preview(selection);
    JsonObject ordering =
        selection
            .copy()
            .put("orderId", UUID.randomUUID().toString())
            .put("reason", "ticket 4711")
            .put("asOf", preview.path("asOf").asText())
            .put(
                "expected",
                new JsonObject()
                    .put("count", preview.path("count").asLong())
                    .put("amountMinor", new JsonObject(preview.path("amountMinor").toString())));
    return selection.getString("action").equals("HAND_OVER")
        ? ordering.put("assignee", "olga")
        : ordering;
  }

  Api.Answer order(JsonObject ordering) {
    return post("/orders", ordering);
  }

  /** Previews, orders, and waits until the order is done. */
  JsonNode carryOut(JsonObject selection) {
    Api.Answer answer = order(ordering(selection));
    if (answer.status() != 202) {
      throw new AssertionError(answer.status() + " " + answer.body());
    }
    return done(answer.json().path("orderId").asText());
  }

  JsonNode get(String orderId) {
    return api.get("/v1/exceptions/orders/" + orderId, Role.AUDITOR).json();
  }

  /** Waits until it runs no more. */
  JsonNode done(String orderId) {
    Awaitility.await("order " + orderId + " has ended")
        .atMost(90, TimeUnit.SECONDS)
        .until(() -> !get(orderId).path("state").asText().equals("RUNNING"));
    return get(orderId);
  }

  JsonNode credit(String id) {
    return api.get("/v1/credits/" + id, Role.AUDITOR).json();
  }

  List<String> facts(String id) {
    return credit(id).path("history").findValuesAsText("fact");
  }
}
