package dev.settle.router.rail;

import dev.settle.router.explanation.Reason;

/** What a bank says of one transfer. */
public sealed interface TransferOutcome {

  /** It is on the creditor's account (ISO 20022 ACCC). */
  record Credited() implements TransferOutcome {}

  /**
   * It was not and will not be executed (RJCT).
   *
   * @param bankCode the bank's reason code as it came
   */
  record Rejected(Reason reason, String bankCode) implements TransferOutcome {}

  Credited CREDITED = new Credited();
}
