package dev.settle.router.rail;

import static java.util.Map.entry;

import dev.settle.router.explanation.Reason;
import java.util.Map;
import java.util.Optional;

/**
 * ISO 20022 external status reason codes, as they stand in a rejection, and the router's reason for
 * each.
 */
public final class StatusReasons {

  private static final Map<String, Reason> BY_CODE =
      Map.ofEntries(
          entry("AC01", Reason.ACCOUNT_INVALID),
          entry("AC03", Reason.ACCOUNT_INVALID),
          entry("AC04", Reason.ACCOUNT_CLOSED),
          entry("AC07", Reason.ACCOUNT_CLOSED),
          entry("AC06", Reason.ACCOUNT_FROZEN),
          entry("AC08", Reason.BANK_ID_INVALID),
          entry("RC01", Reason.BANK_ID_INVALID),
          entry("RC04", Reason.BANK_ID_INVALID),
          entry("AC12", Reason.ACCOUNT_TYPE_WRONG),
          entry("AC14", Reason.ACCOUNT_TYPE_WRONG),
          entry("AC15", Reason.BINDING_STALE),
          entry("AG01", Reason.NOT_ALLOWED),
          entry("AG03", Reason.NOT_ALLOWED),
          entry("AB03", Reason.BANK_UNAVAILABLE),
          entry("AB05", Reason.BANK_UNAVAILABLE),
          entry("AB08", Reason.BANK_UNAVAILABLE),
          entry("AM02", Reason.LIMIT_EXCEEDED),
          entry("AM14", Reason.LIMIT_EXCEEDED),
          entry("AM21", Reason.LIMIT_EXCEEDED),
          entry("AM04", Reason.SOURCE_UNFUNDED),
          entry("AM05", Reason.DUPLICATE),
          entry("DUPL", Reason.DUPLICATE),
          entry("AM09", Reason.AMOUNT_MISMATCH),
          entry("BE01", Reason.NAME_MISMATCH),
          entry("BE06", Reason.ACCOUNT_UNKNOWN),
          entry("ED05", Reason.SETTLEMENT_FAILED),
          entry("FR01", Reason.COMPLIANCE),
          entry("RR04", Reason.COMPLIANCE),
          entry("MS02", Reason.UNSPECIFIED),
          entry("MS03", Reason.UNSPECIFIED),
          entry("NARR", Reason.UNSPECIFIED),
          entry("NOCM", Reason.ACCOUNT_DORMANT),
          entry("TM01", Reason.AFTER_CUTOFF));

  private StatusReasons() {}

  /** The reason for a code; empty for one that this list lacks, which its reader has to raise. */
  public static Optional<Reason> reasonFor(String code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }
}
