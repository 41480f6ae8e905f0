package dev.settle.sandbox.bank;

import java.util.Arrays;
import java.util.List;

/**
 * Everything that {@code PUT /faults} can switch on, in the order in which a request's faults are
 * tried. {@code docs/operating/sandbox-bank.md} says what each does.
 */
enum Fault {
  LATENCY("latencyMs", Kind.MILLIS),
  DROP_BEFORE_BOOKING("dropBeforeBookingRate", Kind.RATE),
  HANG_BEFORE_BOOKING("hangBeforeBookingRate", Kind.RATE),
  ERROR_5XX("error5xxRate", Kind.RATE),
  HANG("hangRate", Kind.RATE),
  DROP_AFTER_BOOKING("dropAfterBookingRate", Kind.RATE),
  ERROR_5XX_AFTER_BOOKING("error5xxAfterBookingRate", Kind.RATE),
  WRONG_BODY("wrongBodyRate", Kind.RATE),
  SLOW_DRIP("slowDripRate", Kind.RATE),
  REJECT("rejectRate", Kind.RATE),
  UNMAPPED("unmappedRate", Kind.RATE),
  PARTIAL("partialRate", Kind.RATE),
  ACCEPTED_ONLY("acceptedOnlyRate", Kind.RATE),
  RETURN("returnRate", Kind.RATE),
  ENQUIRY_ERROR("enquiryErrorRate", Kind.RATE),
  DOWN("down", Kind.SWITCH),
  SLOW_ACCOUNT("slowAccount", Kind.ACCOUNT),
  SLOW_MS("slowMs", Kind.SLOW_MILLIS),
  DUPLICATE_NOTIFICATION("duplicateNotificationRate", Kind.RATE),
  LATE_NOTIFICATION("lateNotificationMs", Kind.MILLIS),
  SHUFFLE_NOTIFICATIONS("shuffleNotifications", Kind.SWITCH),
  UNKNOWN_NOTIFICATION("unknownNotificationRate", Kind.RATE),
  RETURN_BEFORE_CONFIRMATION("returnBeforeConfirmation", Kind.SWITCH),
  DROP_NOTIFICATION("dropNotificationRate", Kind.RATE),
  NOTIFY_ALL("notifyAll", Kind.SWITCH),
  SEED("seed", Kind.SEED);

  private static final List<Fault> ALL = List.of(values());

  private final String field;
  private final Kind kind;

  Fault(String field, Kind kind) {
    this.field = field;
    this.kind = kind;
  }

  /** Its name in JSON. */
  String field() {
    return field;
  }

  Kind kind() {
    return kind;
  }

  /** Whether it misbehaves by itself; the others only shape what another does. */
  boolean counts() {
    return this != SLOW_MS && this != NOTIFY_ALL && this != SEED;
  }

  /** Every fault, in order. */
  static List<Fault> all() {
    return ALL;
  }

  /** The JSON names, in the same order. */
  static List<String> fields() {
    return Arrays.stream(values()).map(Fault::field).toList();
  }

  /** What values a fault takes. */
  enum Kind {
    /** A chance from 0 to 1. */
    RATE,
    /** A delay of 0 to 60,000 ms. */
    MILLIS,
    /** A delay of 0 to 600,000 ms, 30,000 unless told. */
    SLOW_MILLIS,
    /** True or false. */
    SWITCH,
    /** A full account number or its last four digits. */
    ACCOUNT,
    /** Any integer of 64 bits. */
    SEED
  }
}
