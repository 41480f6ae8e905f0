package dev.settle.router.dispatch;

import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.explanation.Reason;
import dev.settle.router.routing.Decision;
import dev.settle.router.routing.Decision.Held;
import org.jspecify.annotations.Nullable;

/**
 * A credit that leaves its batch at the fence, and where it goes instead.
 *
 * @param apart the account whose credits are sent apart from others, if that is why it leaves; null:
 *     its merchant's route changed
 */
record Departure(Item item, Decision decision, @Nullable Long apart) {

  boolean isApart() {
    return apart != null;
  }

  /** Why it leaves. */
  Reason reason() {
    if (decision instanceof Held held) {
      return held.reason();
    }
    return isApart() ? Reason.ACCOUNT_UNHEALTHY : Reason.BINDING_SUPERSEDED;
  }
}
