package dev.settle.router.dispatch;

import dev.settle.router.explanation.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A departure that is open: a credit that is held, or that a bank refused, and that waits for its
 * merchant's route to become good.
 *
 * @param no of the credit's departures; it ended the attempt of the same number
 * @param rejected whether a bank refused it; else it is held
 * @param reason why it is open
 * @param accountId the account of the attempt that it ended, null if that had none
 * @param ordered whether an operator ordered it to be paid whatever its terminal
 */
record OpenDeparture(
    long creditId,
    int no,
    boolean rejected,
    Reason reason,
    String merchantId,
    String terminalId,
    long amountMinor,
    String currency,
    @Nullable Long accountId,
    boolean ordered) {}
