package dev.settle.router.resolution;

import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.PartlyCredited;
import dev.settle.router.rail.TransferOutcome.Returned;

/** What people can find out of a transfer, and what that means as a bank's word. Pure. */
enum Finding {
  /** So much of it is on the creditor's account. */
  CREDITED,
  /**
   * What of it is not known to be credited, was not and never will be: that is sent again, by new
   * attempts.
   */
  NOT_CREDITED,
  /** So much of it in all came back, and is on our account again. */
  RETURNED;

  /**
   * @param minor how much was credited or came back
   * @param wholeMinor what the transfer carried
   */
  TransferOutcome outcome(long minor, long wholeMinor) {
    return switch (this) {
      case CREDITED -> minor == wholeMinor ? TransferOutcome.CREDITED : new PartlyCredited(minor);
      case NOT_CREDITED -> TransferOutcome.NEVER_RECEIVED;
      case RETURNED -> new Returned(minor, null, Reason.UNSPECIFIED, "", true);
    };
  }
}
