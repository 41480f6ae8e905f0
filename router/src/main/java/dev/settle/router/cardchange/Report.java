package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountStatus;
import org.jspecify.annotations.Nullable;

/**
 * What an application's reason has done to the account in effect, whatever becomes of the rest.
 *
 * @param status the account's now; null: the reason reports nothing, or there is no such account
 * @param routeChanged whether it was this report that changed it
 */
record Report(@Nullable AccountStatus status, boolean routeChanged) {

  static final Report NONE = new Report(null, false);

  /** What an answer that refuses the application begins with: what has changed nevertheless. */
  String first() {
    return status == null ? "Nothing has changed. " : held();
  }

  /** The same for an answer about something else; empty when nothing was reported. */
  String held() {
    return status == null ? "" : "The account in effect is " + status + ", its money is held. ";
  }
}
