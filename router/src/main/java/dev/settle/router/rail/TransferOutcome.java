package dev.settle.router.rail;

import dev.settle.router.explanation.Reason;
import org.jspecify.annotations.Nullable;

/** What a bank says of one transfer, in its answer, when it is asked, or by itself. */
public sealed interface TransferOutcome {

  /** All of it is on the creditor's account (ISO 20022 ACCC, or a booked entry). */
  record Credited() implements TransferOutcome {}

  /**
   * A part of it is on the creditor's account; of the rest nobody has said that it will not be.
   *
   * @param creditedMinor what has been credited so far
   */
  record PartlyCredited(long creditedMinor) implements TransferOutcome {}

  /** The bank has it and has not credited it yet: not an end. */
  record Accepted(Reason reason, String status) implements TransferOutcome {}

  /**
   * It was not and will not be executed (RJCT, CANC).
   *
   * @param bankCode the bank's reason code as it came; empty: it named none
   */
  record Rejected(Reason reason, String bankCode, Retry retry) implements TransferOutcome {}

  /**
   * It was credited and came back.
   *
   * @param returnedMinor what came back
   * @param creditedMinor how much of it the bank says in the same breath that it had credited in
   *     all; null: it does not say
   * @param booked whether the money is on our account again (a booked entry), or only announced
   */
  record Returned(
      long returnedMinor,
      @Nullable Long creditedMinor,
      Reason reason,
      String bankCode,
      boolean booked)
      implements TransferOutcome {}

  /** The bank never received it; final only when it is old enough. An answer to an enquiry. */
  record NotReceived() implements TransferOutcome {}

  /**
   * What the bank says of it ends nothing and explains nothing.
   *
   * @param reason {@link Reason#IN_DOUBT}, or what the bank takes it for
   */
  record Unclear(Reason reason) implements TransferOutcome {}

  /** The bank never received it, and will not any more: it goes on as a new attempt. */
  Rejected NEVER_RECEIVED = new Rejected(Reason.NOT_RECEIVED, "", Retry.AT_ONCE);

  Credited CREDITED = new Credited();
  NotReceived NOT_RECEIVED = new NotReceived();
  Unclear UNCLEAR = new Unclear(Reason.IN_DOUBT);
}
