package dev.settle.router.rail;

import dev.settle.router.binding.AccountNumber;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a bank's account statement.
 *
 * @param entryId the bank's own id of the line, at most {@link #LONGEST_ID} characters
 * @param endToEndId whose transfer it is, as the bank has it, at most {@link #LONGEST_ID}
 *     characters; not always one of ours
 * @param kind what moved
 * @param amountMinor in minor units of {@code currency}, positive
 * @param currency three capital letters, as ISO 4217 has them
 * @param account the creditor's
 * @param bookedAt by the bank's clock
 * @param reason the bank's code of a return, or null
 */
public record StatementEntry(
    String entryId,
    String endToEndId,
    Kind kind,
    long amountMinor,
    String currency,
    AccountNumber account,
    Instant bookedAt,
    @Nullable String reason) {

  /** Characters of an id; ISO 20022 has 35 for those of transfers. */
  public static final int LONGEST_ID = 100;

  /** Which way the money went. */
  public enum Kind {
    /** To the creditor. */
    CREDIT,
    /** Back to us. */
    RETURN
  }
}
