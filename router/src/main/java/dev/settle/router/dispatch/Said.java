package dev.settle.router.dispatch;

import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Retry;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.Accepted;
import dev.settle.router.rail.TransferOutcome.Credited;
import dev.settle.router.rail.TransferOutcome.NotReceived;
import dev.settle.router.rail.TransferOutcome.PartlyCredited;
import dev.settle.router.rail.TransferOutcome.Rejected;
import dev.settle.router.rail.TransferOutcome.Returned;
import dev.settle.router.rail.TransferOutcome.Unclear;
import org.jspecify.annotations.Nullable;

/**
 * What a bank said of one attempt, in the words of {@code bank_says} and {@code settle_batches}.
 * Pure.
 *
 * @param word CREDITED, PENDING, REJECTED, RETURNED or UNCLEAR
 * @param minor how much was credited or came back; null: all
 * @param credited of what came back: how much the bank says that it had credited; null: it does not
 *     say
 * @param booked whether returned money is on our account again
 * @param retry when it is tried, or asked about, again
 */
record Said(
    String word,
    @Nullable Long minor,
    @Nullable Long credited,
    Reason reason,
    @Nullable String code,
    boolean booked,
    Retry retry) {

  /** How often a bank is asked what became of a transfer. */
  static final Retry ENQUIRIES =
      new Retry(Limits.ENQUIRY_PAUSE, Limits.ENQUIRY_PAUSE_MAX, Integer.MAX_VALUE);

  static Said of(TransferOutcome outcome) {
    if (outcome instanceof Credited) {
      // The reason is only ever seen of a part.
      return new Said("CREDITED", null, null, Reason.PARTLY_CREDITED, null, false, Retry.NEVER);
    }
    if (outcome instanceof PartlyCredited partly) {
      return new Said(
          "CREDITED", partly.creditedMinor(), null, Reason.PARTLY_CREDITED, null, false, ENQUIRIES);
    }
    if (outcome instanceof Accepted accepted) {
      return new Said(
          "PENDING", null, null, accepted.reason(), accepted.status(), false, ENQUIRIES);
    }
    if (outcome instanceof Rejected rejected) {
      return new Said(
          "REJECTED",
          null,
          null,
          rejected.reason(),
          codeOrNull(rejected.bankCode()),
          false,
          rejected.retry());
    }
    if (outcome instanceof Returned returned) {
      return new Said(
          "RETURNED",
          returned.returnedMinor(),
          returned.creditedMinor(),
          returned.reason(),
          codeOrNull(returned.bankCode()),
          returned.booked(),
          // While the money is not back, the bank is asked for it.
          returned.booked() ? Retry.NEVER : ENQUIRIES);
    }
    if (outcome instanceof NotReceived) {
      return unclear(Reason.IN_DOUBT);
    }
    return unclear(((Unclear) outcome).reason());
  }

  private static @Nullable String codeOrNull(String bankCode) {
    return bankCode.isEmpty() ? null : bankCode;
  }

  static Said unclear(Reason reason) {
    return new Said("UNCLEAR", null, null, reason, null, false, ENQUIRIES);
  }

  /** The kind of departure that it makes of a credit whose batch is settled; null: none. */
  @Nullable String departure() {
    return switch (word) {
      case "CREDITED" -> minor == null ? null : "PARTIAL";
      case "UNCLEAR" -> "DOUBT";
      default -> word;
    };
  }

  /** What is unposted of an attempt of {@code amountMinor}. */
  long unposted(long amountMinor) {
    return word.equals("CREDITED") && minor != null ? amountMinor - minor : amountMinor;
  }

  @Nullable Integer pauseSeconds() {
    return retry.times() == 0 ? null : (int) Math.max(1, retry.firstPause().toSeconds());
  }

  int longestSeconds() {
    return (int) retry.longestPause().toSeconds();
  }
}
