package dev.settle.router.routing;

import dev.settle.router.explanation.Reason;

/** Where a credit goes. */
public sealed interface Decision {

  /**
   * The version of the merchant's route that this was decided by; 0 when the merchant is unknown.
   */
  int version();

  /** It is sent to this account over this rail. */
  record Routed(String rail, long accountId, int version) implements Decision {}

  /** It is owed but not sent, for this reason. */
  record Held(Reason reason, int version) implements Decision {}
}
