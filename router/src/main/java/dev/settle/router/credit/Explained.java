package dev.settle.router.credit;

import dev.settle.router.explanation.NextAccount;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Times;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Renders why something is unposted, for every answer that says so. */
public final class Explained {

  private Explained() {}

  /**
   * The explanation of CONTRACT.
   *
   * @param next the account that it may wait for: what another account ends is that account's
   *     maker's, bank's or checker's move, and expected to be sent when it takes effect
   * @param creditBy when the bank, which has accepted it, normally has credited it. {@code
   *     expectedBy} is null for everything else, for nobody knows
   */
  public static JsonObject json(
      String reason, OffsetDateTime since, NextAccount next, @Nullable OffsetDateTime creditBy) {
    Reason known = Reason.valueOf(reason);
    return new JsonObject()
        .put("reason", reason)
        .put("en", known.english())
        .put("zh", known.chinese())
        .put("whoActs", known.whoActs(next).name())
        .put("retryUseful", known.retryUseful())
        .put("since", Times.text(since))
        .put("expectedBy", Times.orNull(known.endsWithAnotherAccount() ? next.from() : creditBy));
  }
}
