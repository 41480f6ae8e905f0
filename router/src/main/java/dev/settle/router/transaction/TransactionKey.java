package dev.settle.router.transaction;

import java.time.LocalDate;
import java.util.Comparator;

/**
 * The identity of a transaction: two messages with the same key are the same sale.
 *
 * @param acquirerId ISO 8583 field 32, 1 to 11 digits
 * @param merchantId the acquirer's merchant (MID), 1 to 15 letters or digits
 * @param terminalId the acquirer's terminal (TID), 1 to 8 letters or digits
 * @param batchNo the terminal's batch, 0 to 999999
 * @param stan the terminal's trace number, 0 to 999999
 * @param localDate the terminal's date
 */
public record TransactionKey(
    String acquirerId,
    String merchantId,
    String terminalId,
    int batchNo,
    int stan,
    LocalDate localDate,
    TransactionType type)
    implements Comparable<TransactionKey> {

  /**
   * One order for every node, so that inserts of overlapping keys never wait for each other in a
   * circle.
   */
  private static final Comparator<TransactionKey> ORDER =
      Comparator.comparing(TransactionKey::merchantId)
          .thenComparing(TransactionKey::terminalId)
          .thenComparingInt(TransactionKey::batchNo)
          .thenComparingInt(TransactionKey::stan)
          .thenComparing(TransactionKey::localDate)
          .thenComparing(TransactionKey::acquirerId)
          .thenComparing(TransactionKey::type);

  @Override
  public int compareTo(TransactionKey other) {
    return ORDER.compare(this, other);
  }
}
