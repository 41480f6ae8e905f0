package dev.settle.router.dispatch;

import dev.settle.router.explanation.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A departure that is open: a credit that is held, or that a bank refused, and that waits for its
 * merchant's route to become good.
 *
 * @param no of the credit's departures
 * @param attempt that it ended
 * @param rejected whether a bank refused or returned it; else it is held
 * @param reason why it is open
 * @param rail of the attempt that it ended, null if that had none
 * @param accountId the account of the attempt that it ended, null if that had none
 * @param ordered whether an operator ordered it to be paid whatever its terminal
 * @param again whether its time has come to be tried again as it is
 * @param refusals how often banks refused or returned the credit, not for want of funds
 */
record OpenDeparture(
    long creditId,
    int no,
    int attempt,
    boolean rejected,
    Reason reason,
    String merchantId,
    String terminalId,
    long amountMinor,
    String currency,
    @Nullable String rail,
    @Nullable Long accountId,
    boolean ordered,
    boolean again,
    int refusals) {}
