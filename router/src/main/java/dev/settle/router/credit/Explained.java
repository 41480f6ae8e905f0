package dev.settle.router.credit;

import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Times;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;

/** Renders why something is unposted, for every answer that says so. */
final class Explained {

  private Explained() {}

  /**
   * The explanation of CONTRACT; {@code expectedBy} is null until a rail's normal time is known.
   */
  static JsonObject json(String reason, OffsetDateTime since) {
    Reason known = Reason.valueOf(reason);
    return new JsonObject()
        .put("reason", reason)
        .put("en", known.english())
        .put("zh", known.chinese())
        .put("whoActs", known.whoActs().name())
        .put("retryUseful", known.retryUseful())
        .put("since", Times.text(since))
        .putNull("expectedBy");
  }
}
