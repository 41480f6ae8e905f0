package dev.settle.sandbox.bank;

import org.jspecify.annotations.Nullable;

/** What a line of the books says about a transfer. */
enum Entry {
  /** A client's transfer is on the creditor's account. */
  CREDIT,
  /** The 0.01 that proves an account can receive. */
  TEST_CREDIT,
  /** A credit went back. */
  RETURN,
  /** Accepted; it will be credited later. */
  ACCEPTED,
  /** Rejected, and to be answered so again. */
  REJECTED;

  /** Whether money moved. */
  boolean moved() {
    return this == CREDIT || this == TEST_CREDIT || this == RETURN;
  }

  /** As a booking shows it, null when it is none. */
  Booking.@Nullable Kind booked() {
    return switch (this) {
      case CREDIT -> Booking.Kind.CREDIT;
      case TEST_CREDIT -> Booking.Kind.TEST_CREDIT;
      default -> null;
    };
  }
}
