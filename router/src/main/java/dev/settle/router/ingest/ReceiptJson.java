package dev.settle.router.ingest;

import dev.settle.router.credit.CreditId;
import dev.settle.router.credit.Receipt;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Problem;

/**
 * How a receipt is written; by hand, because it is the hot path and holds nothing that needs
 * escaping.
 */
final class ReceiptJson {

  static final Problem CONFLICT =
      new Problem(
          409,
          "transaction-conflict",
          null,
          "This key was recorded before with another content; nothing has changed. Look it up by its key.");

  private ReceiptJson() {}

  /** The members of an accepted or replayed transaction's answer. */
  static String fields(Receipt receipt) {
    Reason heldFor = receipt.heldFor();
    return "\"creditId\":\""
        + CreditId.text(receipt.creditId())
        + "\",\"outcome\":\""
        + receipt.outcome()
        + "\",\"status\":\""
        + receipt.status()
        + (heldFor == null ? "\"" : "\",\"reason\":\"" + heldFor + "\"");
  }
}
