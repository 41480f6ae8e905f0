package dev.settle.router.transaction;

/** What a terminal did. Refunds, reversals and adjustments do not exist yet and are refused. */
public enum TransactionType {
  SALE
}
