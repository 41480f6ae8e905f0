package dev.settle.router.transaction;

import dev.settle.router.money.Money;
import java.time.OffsetDateTime;

/**
 * A sale as a terminal reported it.
 *
 * @param rrn ISO 8583 field 37, 12 letters or digits
 * @param capturedAt the terminal's clock, cut to microseconds, which is what PostgreSQL keeps
 */
public record Transaction(TransactionKey key, Money amount, String rrn, OffsetDateTime capturedAt)
    implements Reading {

  /**
   * Whether {@code other}, which has the same key, is a re-sent copy of this and not another sale.
   */
  public boolean saysTheSameAs(Money otherAmount, String otherRrn, OffsetDateTime otherCapturedAt) {
    return amount.equals(otherAmount)
        && rrn.equals(otherRrn)
        && capturedAt.isEqual(otherCapturedAt);
  }
}
