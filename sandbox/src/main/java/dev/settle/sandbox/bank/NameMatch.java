package dev.settle.sandbox.bank;

/**
 * How well a holder's name fits an account, as a bank answers it. The sandbox knows no names: the
 * account's last four digits choose.
 */
enum NameMatch {
  /** The name is the holder's. */
  MATCH,
  /** The name is nearly the holder's. */
  CLOSE,
  /** The name is somebody else's. */
  NO_MATCH,
  /** The bank does not compare names for this account. */
  NOT_CHECKED;

  /** The answer for an account: MATCH unless its ending orders another. */
  static NameMatch on(String account) {
    return switch (Verdict.ending(account)) {
      case "0001" -> NO_MATCH;
      case "0100" -> NOT_CHECKED;
      case "0101" -> CLOSE;
      default -> MATCH;
    };
  }
}
