package dev.settle.sandbox.bank;

import java.time.Instant;

/**
 * A payment that the bank really booked.
 *
 * @param endToEndId the client's id of the transfer; {@code TEST/n} for the bank's own n-th test
 *     credit
 * @param account the full account number
 * @param amountMinor a positive amount in minor units of {@code currency}
 * @param currency an ISO 4217 code
 * @param bookedAt when it was booked by the bank's clock, never before an earlier booking
 * @param kind whether a client asked for it or an account verification did
 */
public record Booking(
    String endToEndId,
    String account,
    long amountMinor,
    String currency,
    Instant bookedAt,
    Kind kind) {

  /** Why the bank booked. */
  public enum Kind {
    /** A client's credit transfer. */
    CREDIT,
    /** The 0.01 that proves an account can receive. */
    TEST_CREDIT
  }
}
