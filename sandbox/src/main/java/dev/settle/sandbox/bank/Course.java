package dev.settle.sandbox.bank;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an accepted transfer departs from being credited whole and at once for good.
 *
 * @param account where the money goes: later book lines name it
 * @param askedMinor the amount asked for, in minor units
 * @param bookedMinor the amount that is or will be credited, from 1 to {@code askedMinor}
 * @param creditDueMs when it will be credited, in ms since 1970; 0 when it has been
 * @param returnDueMs when it will be returned, in ms since 1970; 0 for never
 * @param returnReason why it will be returned
 * @param confirmLast whether "posted" is notified only after "returned"
 * @param returned what was returned, null as long as nothing was
 */
record Course(
    String account,
    long askedMinor,
    long bookedMinor,
    long creditDueMs,
    long returnDueMs,
    Verdict returnReason,
    boolean confirmLast,
    @Nullable Returned returned) {

  boolean credited() {
    return creditDueMs == 0;
  }

  boolean returns() {
    return returnDueMs > 0;
  }

  boolean partial() {
    return bookedMinor != askedMinor;
  }

  Course withCredit() {
    return new Course(
        account, askedMinor, bookedMinor, 0, returnDueMs, returnReason, confirmLast, returned);
  }

  Course withReturn(Returned what) {
    return new Course(
        account, askedMinor, bookedMinor, 0, returnDueMs, returnReason, confirmLast, what);
  }

  /** Money that went back: the amount in minor units, the return code and when it was booked. */
  record Returned(long amountMinor, Verdict reason, Instant bookedAt) {}
}
