package dev.settle.router.breaks;

/** What is wrong; the kinds that the database knows. */
public enum BreakKind {
  /** The bank speaks of an end-to-end id that we never sent. */
  UNKNOWN_TRANSFER,
  /** Credited after the bank had finally said no, and the credit was paid again or may be. */
  LATE_SUCCESS,
  /** What the bank says cannot follow what it said before. */
  CONTRADICTION,
  /** Posted here, not in the bank's books. */
  MISSING_AT_BANK,
  /** In the bank's books, not posted here. */
  MISSING_HERE,
  /** In both, with another amount or currency. */
  AMOUNT_DIFFERENT,
  /** In both, to another account. */
  ACCOUNT_DIFFERENT,
  /** The bank names another account, and no application for it could be opened. */
  ACCOUNT_CHANGE
}
