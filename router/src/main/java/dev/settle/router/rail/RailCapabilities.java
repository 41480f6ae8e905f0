package dev.settle.router.rail;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a rail can do, so that nobody has to ask which rail it is.
 *
 * @param bulkSize transfers in one request, at most
 * @param enquiryBulk end-to-end ids in one enquiry, at most; 0: it cannot be asked
 * @param idempotentResend whether the same transfers under the same end-to-end ids may be sent
 *     again and are executed once
 * @param neverReceivedAfter how old a transfer must be before the bank's "never received" is final:
 *     the time for which a transfer may wait here ({@link SendBy}), and as long again on its way
 * @param onePerAccount whether the credits of a batch to one account go as one transfer
 * @param accountSpacing the least time between two transfers to one account; zero: none. Needs
 *     {@code onePerAccount}
 * @param normalTime from the bank's acceptance to the credit, as the bank promises it; the router
 *     learns the rest
 * @param verifiesAccounts whether it can ask the bank if a name fits an account
 * @param currencies ISO 4217 codes that it carries
 * @param banks codes of the receiving banks that it reaches; empty: all
 * @param largestMinor the largest amount of one transfer, in minor units
 * @param cutOff when it takes transfers, or null: always
 */
public record RailCapabilities(
    int bulkSize,
    int enquiryBulk,
    boolean idempotentResend,
    Duration neverReceivedAfter,
    boolean onePerAccount,
    Duration accountSpacing,
    Duration normalTime,
    boolean verifiesAccounts,
    Set<String> currencies,
    Set<String> banks,
    long largestMinor,
    @Nullable CutOff cutOff) {

  public RailCapabilities {
    if (!accountSpacing.isZero() && !onePerAccount) {
      throw new IllegalArgumentException(
          "a rail that wants time between two transfers to one account takes its credits as one");
    }
  }

  /** Whether it takes a currency to a bank. */
  public boolean reaches(String bank, String currency) {
    return currencies.contains(currency) && (banks.isEmpty() || banks.contains(bank));
  }

  /** Whether it can be asked what became of a transfer. */
  public boolean enquiry() {
    return enquiryBulk > 0;
  }
}
