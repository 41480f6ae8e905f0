package dev.settle.sandbox.bank;

/** What the bank answers to one credit transfer, named by its ISO 20022 code. */
enum Verdict {
  /** On the creditor's account. */
  ACCC,
  /** The account is closed. */
  AC04,
  /** The account is blocked. */
  AC06,
  /** The account's details have changed. */
  AC15,
  /** The holder's name does not fit the account. */
  BE01,
  /** The amount is above what the account may receive. */
  AM02,
  /** The bank gives no reason. */
  MS03,
  /** A code that stands in no list. */
  ZZ99,
  /** The end-to-end id was received before with other content; the first verdict stands. */
  DUPL;

  private static final int MAGIC_DIGITS = 4;

  /**
   * The verdict on an account by the sandbox's rule: its last four digits choose a rejection, every
   * other account may be credited; {@link Rules} says when and how much.
   */
  static Verdict on(String account) {
    return switch (ending(account)) {
      case "0004" -> AC04;
      case "0006" -> AC06;
      case "0015" -> AC15;
      case "0001" -> BE01;
      case "0002" -> AM02;
      default -> ACCC;
    };
  }

  /** The digits of an account number that the sandbox's rules look at. */
  static String ending(String account) {
    return account.substring(account.length() - MAGIC_DIGITS);
  }

  boolean booked() {
    return this == ACCC;
  }
}
