package dev.settle.sandbox.bank;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a transfer that is received for the first time: its account's last four digits
 * choose, for an ordinary account the faults in force.
 */
final class Rules {
  /** Ending of an account that is credited, and whose requests are never answered. */
  static final String SILENT = "0008";

  private static final String ORDERS_BEGIN = "00";
  private static final int ENDING_DIGITS = 4;

  private final FaultBoard faults;
  private final long creditDelayMs;
  private final long returnDelayMs;

  /** The delays from acceptance to a later credit, and from credit to return. */
  Rules(FaultBoard faults, Duration creditDelay, Duration returnDelay) {
    this.faults = faults;
    this.creditDelayMs = creditDelay.toMillis();
    this.returnDelayMs = returnDelay.toMillis();
  }

  /** The decision, taken at {@code nowMs} (ms since 1970). */
  Decision decide(Transfer transfer, long content, long nowMs) {
    String account = transfer.account();
    if (account.startsWith(ORDERS_BEGIN, account.length() - ENDING_DIGITS)) {
      return ordered(transfer, content, nowMs);
    }
    if (faults.current().perTransfer()) {
      return faulty(transfer, content, nowMs);
    }
    return decision(transfer, content, Verdict.ACCC, null);
  }

  private Decision ordered(Transfer transfer, long content, long nowMs) {
    Course course =
        switch (Verdict.ending(transfer.account())) {
          case "0009" -> course(transfer, nowMs, true, null);
          case "0010" -> course(transfer, nowMs, false, Verdict.AC04);
          case "0012" -> part(transfer);
          default -> null;
        };
    return decision(transfer, content, Verdict.on(transfer.account()), course);
  }

  private Decision faulty(Transfer transfer, long content, long nowMs) {
    String id = transfer.endToEndId();
    if (faults.fires(Fault.REJECT, id)) {
      return decision(transfer, content, Verdict.MS03, null);
    }
    if (faults.fires(Fault.UNMAPPED, id)) {
      return decision(transfer, content, Verdict.ZZ99, null);
    }
    if (faults.fires(Fault.PARTIAL, id)) {
      return decision(transfer, content, Verdict.ACCC, part(transfer));
    }
    boolean later = faults.fires(Fault.ACCEPTED_ONLY, id);
    Verdict returned = faults.fires(Fault.RETURN, id) ? Verdict.MS03 : null;
    Course course = later || returned != null ? course(transfer, nowMs, later, returned) : null;
    return decision(transfer, content, Verdict.ACCC, course);
  }

  private static Decision decision(
      Transfer transfer, long content, Verdict verdict, @Nullable Course course) {
    return new Decision(content, transfer.amountMinor(), transfer.currency(), verdict, course);
  }

  private Course course(
      Transfer transfer, long nowMs, boolean later, @Nullable Verdict returnReason) {
    long amount = transfer.amountMinor();
    long creditedMs = later ? nowMs + creditDelayMs : nowMs;
    return new Course(
        transfer.account(),
        amount,
        amount,
        later ? creditedMs : 0,
        returnReason == null ? 0 : creditedMs + returnDelayMs,
        returnReason == null ? Verdict.ACCC : returnReason,
        returnReason != null && faults.current().on(Fault.RETURN_BEFORE_CONFIRMATION),
        null);
  }

  /** Half, rounded down; of one minor unit there is no part. */
  private static @Nullable Course part(Transfer transfer) {
    long asked = transfer.amountMinor();
    return asked == 1
        ? null
        : new Course(transfer.account(), asked, asked / 2, 0, 0, Verdict.ACCC, false, null);
  }
}
