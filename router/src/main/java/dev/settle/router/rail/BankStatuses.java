package dev.settle.router.rail;

import dev.settle.router.explanation.Reason;
import dev.settle.router.rail.StatusReasons.CodeSet;
import dev.settle.router.rail.StatusReasons.Meaning;
import dev.settle.router.rail.TransferOutcome.Accepted;
import dev.settle.router.rail.TransferOutcome.PartlyCredited;
import dev.settle.router.rail.TransferOutcome.Rejected;
import dev.settle.router.rail.TransferOutcome.Returned;
import dev.settle.router.rail.TransferOutcome.Unclear;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what a bank says, in ISO 20022 words, into outcomes, the same for every connector. A status
 * or code that no list holds is counted and logged, and never taken for an end that it is not.
 */
public final class BankStatuses {

  private static final Logger LOG = LoggerFactory.getLogger(BankStatuses.class);

  /** Accepted on the way, settled on our own side, or accepted without a credit: no end. */
  private static final Set<String> UNDER_WAY =
      Set.of("RCVD", "ACTC", "ACCP", "ACSP", "ACFC", "ACPD", "ACWC", "ACSC", "ACWP", "PDNG");

  private final String rail;
  private final RailCapabilities capabilities;
  private final RailMetrics metrics;
  private final Clock clock;

  public BankStatuses(
      String rail, RailCapabilities capabilities, RailMetrics metrics, Clock clock) {
    this.rail = rail;
    this.capabilities = capabilities;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** The name of the rail that says it. */
  public String rail() {
    return rail;
  }

  /**
   * What a status means.
   *
   * @param code the reason code that came with it, empty for none
   * @param creditedMinor what the bank says that it credited, or null: all
   */
  public TransferOutcome outcome(
      String status, String code, @Nullable Long creditedMinor, long amountMinor) {
    if (status.equals("ACCC")) {
      if (creditedMinor != null && !isPartOf(creditedMinor, amountMinor)) {
        return impossible("credited", creditedMinor, amountMinor);
      }
      return creditedMinor == null || creditedMinor == amountMinor
          ? TransferOutcome.CREDITED
          : new PartlyCredited(creditedMinor);
    }
    if (status.equals("BLCK")) {
      return new Accepted(Reason.BANK_HOLDS, status);
    }
    if (UNDER_WAY.contains(status)) {
      return new Accepted(Reason.BANK_ACCEPTED, status);
    }
    if (status.equals("RJCT") || status.equals("CANC")) {
      return refusal(code);
    }
    metrics.unmappedCode(rail);
    LOG.warn("rail {} used the unknown status {}", rail, status);
    return TransferOutcome.UNCLEAR;
  }

  private TransferOutcome refusal(String code) {
    Meaning meaning = meaning(CodeSet.STATUS, code);
    if (meaning.retry() == Retry.Rule.ENQUIRE) {
      return new Unclear(meaning.reason());
    }
    return new Rejected(
        meaning.reason(), code, Retry.of(meaning.retry(), capabilities, clock.instant()));
  }

  /**
   * A credit that came back.
   *
   * @param creditedMinor what the bank says that it had credited in all, or null: it does not say
   * @param amountMinor what the transfer carried
   */
  public TransferOutcome returned(
      long returnedMinor,
      @Nullable Long creditedMinor,
      long amountMinor,
      String code,
      boolean booked) {
    if (!isPartOf(returnedMinor, amountMinor)) {
      return impossible("returned", returnedMinor, amountMinor);
    }
    if (creditedMinor != null && !isPartOf(creditedMinor, amountMinor)) {
      return impossible("credited", creditedMinor, amountMinor);
    }
    return new Returned(
        returnedMinor, creditedMinor, meaning(CodeSet.RETURN, code).reason(), code, booked);
  }

  /** What the bank says of a transfer cannot be read. */
  public TransferOutcome malformed(String endToEndId) {
    metrics.unmappedCode(rail);
    LOG.warn("what rail {} says of {} cannot be read", rail, endToEndId);
    return TransferOutcome.UNCLEAR;
  }

  private static boolean isPartOf(long minor, long wholeMinor) {
    return minor > 0 && minor <= wholeMinor;
  }

  /** No word about money that cannot be is believed: it is asked about again, and by people. */
  private TransferOutcome impossible(String what, long minor, long wholeMinor) {
    metrics.unmappedCode(rail);
    LOG.warn("rail {} says that {} of {} were {}", rail, minor, wholeMinor, what);
    return TransferOutcome.UNCLEAR;
  }

  private Meaning meaning(CodeSet set, String code) {
    return StatusReasons.of(set, code)
        .orElseGet(
            () -> {
              metrics.unmappedCode(rail);
              LOG.warn("rail {} used the unmapped {} reason code {}", rail, set, code);
              return new Meaning(Reason.UNSPECIFIED, Retry.Rule.NEVER);
            });
  }
}
