package dev.settle.router.reconciliation;

import dev.settle.router.credit.EndToEndId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An end-to-end id in numbers, as the temporary tables join it.
 *
 * @param aggregated whether it carries all credits of a batch to an account
 * @param first the credit, or the batch
 * @param second the attempt, or the account
 */
record TransferKey(boolean aggregated, long first, long second) {

  /** The key of an id; null when we never wrote one that is spelled so. */
  static @Nullable TransferKey parse(String endToEndId) {
    Optional<EndToEndId> parsed = EndToEndId.parse(endToEndId);
    if (parsed.isEmpty() || !parsed.get().text().equals(endToEndId)) {
      return null;
    }
    return parsed.get() instanceof EndToEndId.OfCredit credit
        ? new TransferKey(false, credit.creditId(), credit.attempt())
        : ofAccount((EndToEndId.OfAccount) parsed.get());
  }

  private static TransferKey ofAccount(EndToEndId.OfAccount transfer) {
    return new TransferKey(true, transfer.batchId(), transfer.accountId());
  }

  String endToEndId() {
    return aggregated
        ? new EndToEndId.OfAccount(first, second).text()
        : new EndToEndId.OfCredit(first, (int) second).text();
  }

  /** Writes the three columns of the key; all null when there is none. */
  static void columns(CopyLines rows, @Nullable TransferKey key) {
    rows.column(key == null ? null : key.aggregated)
        .column(key == null ? null : key.first)
        .column(key == null ? null : key.second);
  }
}
