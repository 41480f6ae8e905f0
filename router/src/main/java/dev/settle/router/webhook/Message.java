package dev.settle.router.webhook;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * One message that this node is to deliver: the events after one number up to another, the same in
 * every repetition.
 *
 * @param host the address's, with its port where it says one
 * @param lease what came of it counts only under this
 * @param tries that were not acknowledged before
 * @param failingFor since the first of them
 */
record Message(
    long webhookId,
    String url,
    String host,
    long after,
    long to,
    long lease,
    int tries,
    Duration failingFor) {

  /** What it is known by: {@code webhook-id}. */
  String id() {
    return "whm_" + WebhookId.text(webhookId) + "_" + (after + 1) + "_" + to;
  }

  /** What is signed and sent. */
  Buffer body(List<JsonObject> events) {
    return new JsonObject()
        .put("webhookId", WebhookId.text(webhookId))
        .put("events", new JsonArray(events))
        .toBuffer();
  }
}
