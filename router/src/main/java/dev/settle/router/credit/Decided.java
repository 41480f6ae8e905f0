package dev.settle.router.credit;

import dev.settle.router.routing.Decision;
import dev.settle.router.transaction.Transaction;
import java.util.function.Consumer;

/**
 * A transaction with its decision, about to be recorded.
 *
 * @param receiver is told the receipt
 */
record Decided(Transaction transaction, Decision decision, Consumer<Receipt> receiver) {}
