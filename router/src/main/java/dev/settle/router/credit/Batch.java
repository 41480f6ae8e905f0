package dev.settle.router.credit;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Credits that go to one rail in one currency and share a fate: the unit of progress.
 *
 * @param epoch raised by every take-over; writes with another epoch are refused
 * @param state what the database said last
 * @param tries how often it was sent without a clear answer
 * @param recordedAt when its credits were committed
 * @param claimedAt when it was claimed; null while it was not
 * @param onePerAccount whether its credits to one account were sent as one transfer
 */
public record Batch(
    long batchId,
    String rail,
    String currency,
    int epoch,
    BatchState state,
    int tries,
    Instant recordedAt,
    @Nullable Instant claimedAt,
    boolean onePerAccount,
    List<BatchMember> members) {

  /** A batch that nobody has claimed yet. */
  public static Batch recorded(
      long batchId, String rail, String currency, Instant recordedAt, List<BatchMember> members) {
    return new Batch(
        batchId, rail, currency, 0, BatchState.RECORDED, 0, recordedAt, null, false, members);
  }

  /** The same after its claim. */
  public Batch claimed(Instant at, boolean sentOnePerAccount) {
    return new Batch(
        batchId, rail, currency, epoch, state, tries, recordedAt, at, sentOnePerAccount, members);
  }

  /** The same with other members. */
  public Batch with(List<BatchMember> others) {
    return new Batch(
        batchId, rail, currency, epoch, state, tries, recordedAt, claimedAt, onePerAccount, others);
  }
}
