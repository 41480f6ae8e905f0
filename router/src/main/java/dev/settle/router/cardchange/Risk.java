package dev.settle.router.cardchange;

import dev.settle.router.rail.Verification;
import dev.settle.router.rail.Verification.NameMatch;

/** Decides what may be approved without a person, where that is switched on. */
final class Risk {

  /** Who approves by rule. */
  static final String ROUTER = "router";

  private Risk() {}

  /**
   * What is known of an application.
   *
   * @param sameOwner whether holder and type are those of the account in effect
   * @param recentlyChanged whether another change took effect in the last 30 days
   */
  record Facts(ChangeReason reason, String maker, boolean sameOwner, boolean recentlyChanged) {}

  /** Whether the risk is low and the bank's answer a full match. */
  static boolean isLow(Facts facts, Verification verification) {
    return verification.nameMatch() == NameMatch.MATCH
        && verification.passed()
        && facts.sameOwner()
        && !facts.recentlyChanged()
        && !facts.reason().isRisky()
        && !facts.maker().equals(ROUTER)
        && !BankApplications.isMaker(facts.maker());
  }
}
