package dev.settle.router.reconciliation;

import dev.settle.router.explanation.WhoActs;

/** How two books can differ in a movement; the same names as the kinds of breaks. */
public enum DifferenceKind {
  /**
   * Posted here, or come back here, and not in the bank's books: the bank said so and has to show
   * it.
   */
  MISSING_AT_BANK,
  /** In the bank's books, and here it was never sent, was refused, or never came back. */
  MISSING_HERE,
  /** In both, with another amount or currency. */
  AMOUNT_DIFFERENT,
  /** In both, to another account: money is with somebody whom it is not owed to. */
  ACCOUNT_DIFFERENT;

  /**
   * Whose move it is.
   *
   * @param tooMuch whether the bank booked more than we have
   */
  WhoActs owner(boolean tooMuch) {
    return switch (this) {
      case MISSING_AT_BANK -> WhoActs.RAIL;
      case MISSING_HERE -> WhoActs.OPERATIONS;
      case AMOUNT_DIFFERENT -> tooMuch ? WhoActs.TREASURY : WhoActs.RAIL;
      case ACCOUNT_DIFFERENT -> WhoActs.COMPLIANCE;
    };
  }
}
