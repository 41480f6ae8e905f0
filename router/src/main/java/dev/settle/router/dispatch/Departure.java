package dev.settle.router.dispatch;

import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.explanation.Reason;
import dev.settle.router.routing.Decision;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Decision.Routed;
import org.jspecify.annotations.Nullable;

/**
 * A credit that leaves its batch at the fence, and where it goes instead.
 *
 * @param reason why it leaves
 * @param apart the account whose credits are gathered in a batch of their own, or null
 */
record Departure(Item item, Decision decision, Reason reason, @Nullable Long apart) {

  /** Its merchant's route has changed: it was decided anew. */
  static Departure decidedAnew(Item item, Decision decision) {
    return new Departure(
        item,
        decision,
        decision instanceof Held held ? held.reason() : Reason.BINDING_SUPERSEDED,
        null);
  }

  /** It goes to the same account, over the same rail, in a batch of that account's own. */
  static Departure apart(Item item, String rail, Reason reason) {
    var member = item.member();
    return new Departure(
        item, new Routed(rail, member.accountId(), member.version()), reason, member.accountId());
  }

  /** It goes to the same account over this rail. */
  static Departure over(Item item, String rail) {
    var member = item.member();
    return new Departure(
        item,
        new Routed(rail, member.accountId(), member.version()),
        Reason.RAIL_UNAVAILABLE,
        null);
  }

  /** Whether the fence caught a superseded route. */
  boolean isStale() {
    return decision instanceof Held || reason == Reason.BINDING_SUPERSEDED;
  }
}
