package dev.settle.router.rail;

import static java.util.Map.entry;

import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.Retry.Rule;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * ISO 20022 external reason codes, and for each the router's reason and when a retry is useful. The
 * same code may mean something else where it explains a return than where it explains a status.
 */
public final class StatusReasons {

  /** Where a code stands. */
  public enum CodeSet {
    /** ExternalStatusReason1Code: why a transfer was refused. */
    STATUS,
    /** ExternalReturnReason1Code: why a credit came back. */
    RETURN
  }

  /** What a code means. */
  public record Meaning(Reason reason, Rule retry) {}

  private static final Map<String, Meaning> BOTH =
      Map.ofEntries(
          entry("AC01", never(Reason.ACCOUNT_INVALID)),
          entry("AC03", never(Reason.ACCOUNT_INVALID)),
          entry("AC04", never(Reason.ACCOUNT_CLOSED)),
          entry("AC07", never(Reason.ACCOUNT_CLOSED)),
          entry("AC06", never(Reason.ACCOUNT_FROZEN)),
          entry("AC08", never(Reason.BANK_ID_INVALID)),
          entry("RC01", never(Reason.BANK_ID_INVALID)),
          entry("RC04", never(Reason.BANK_ID_INVALID)),
          entry("AC12", never(Reason.ACCOUNT_TYPE_WRONG)),
          entry("AC15", never(Reason.BINDING_STALE)),
          entry("AG01", new Meaning(Reason.NOT_ALLOWED, Rule.OTHER_RAIL)),
          entry("AG03", new Meaning(Reason.NOT_ALLOWED, Rule.OTHER_RAIL)),
          entry("AB03", new Meaning(Reason.BANK_UNAVAILABLE, Rule.SOON)),
          entry("AB05", new Meaning(Reason.BANK_UNAVAILABLE, Rule.ENQUIRE)),
          entry("AB08", new Meaning(Reason.BANK_UNAVAILABLE, Rule.SOON)),
          entry("AM02", new Meaning(Reason.LIMIT_EXCEEDED, Rule.NEXT_DAY)),
          entry("AM14", new Meaning(Reason.LIMIT_EXCEEDED, Rule.NEXT_DAY)),
          entry("AM21", new Meaning(Reason.LIMIT_EXCEEDED, Rule.NEXT_DAY)),
          entry("AM04", new Meaning(Reason.SOURCE_UNFUNDED, Rule.AFTER_FUNDING)),
          // The bank has something under this id or like it: perhaps this very transfer.
          entry("AM05", new Meaning(Reason.DUPLICATE, Rule.ENQUIRE)),
          entry("DUPL", new Meaning(Reason.DUPLICATE, Rule.ENQUIRE)),
          entry("AM09", never(Reason.AMOUNT_MISMATCH)),
          entry("BE01", never(Reason.NAME_MISMATCH)),
          entry("BE06", never(Reason.ACCOUNT_UNKNOWN)),
          entry("ED05", new Meaning(Reason.SETTLEMENT_FAILED, Rule.SOON)),
          entry("FR01", never(Reason.COMPLIANCE)),
          entry("RR04", never(Reason.COMPLIANCE)),
          entry("MS02", new Meaning(Reason.UNSPECIFIED, Rule.ONCE)),
          entry("MS03", new Meaning(Reason.UNSPECIFIED, Rule.ONCE)),
          entry("NARR", new Meaning(Reason.UNSPECIFIED, Rule.ONCE)),
          entry("NOCM", never(Reason.ACCOUNT_DORMANT)),
          entry("TM01", new Meaning(Reason.AFTER_CUTOFF, Rule.NEXT_WINDOW)));

  // AC14 and AC16 are where the two sets part.
  private static final Map<CodeSet, Map<String, Meaning>> BY_SET =
      Map.of(
          CodeSet.STATUS,
          with(Map.of("AC14", never(Reason.ACCOUNT_TYPE_WRONG))),
          CodeSet.RETURN,
          with(
              Map.of(
                  "AC14", never(Reason.ACCOUNT_TYPE_WRONG),
                  "AC16", never(Reason.ACCOUNT_LEGAL),
                  "AC17", never(Reason.ACCOUNT_LEGAL))));

  private StatusReasons() {}

  private static Meaning never(Reason reason) {
    return new Meaning(reason, Rule.NEVER);
  }

  private static Map<String, Meaning> with(Map<String, Meaning> own) {
    Map<String, Meaning> all = new HashMap<>(BOTH);
    all.putAll(own);
    return Map.copyOf(all);
  }

  /** What a code means; empty for one that this list lacks, which its reader has to raise. */
  public static Optional<Meaning> of(CodeSet set, String code) {
    return Optional.ofNullable(BY_SET.get(set)).map(codes -> codes.get(code));
  }
}
