package dev.settle.router.credit;

import dev.settle.router.explanation.Reason;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

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
        .put("since", time(since))
        .putNull("expectedBy");
  }

  /** RFC 3339 in UTC; seconds are always written, unlike by {@code toString}. */
  static String time(OffsetDateTime time) {
    return DateTimeFormatter.ISO_INSTANT.format(time);
  }
}
