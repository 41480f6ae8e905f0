package dev.settle.router.rail;

import org.jspecify.annotations.Nullable;

/**
 * What a bank says of an account before money goes there.
 *
 * @param testCredit what became of the test credit; null when none was asked for or tried
 */
public record Verification(NameMatch nameMatch, @Nullable TestCredit testCredit) {

  /** Nobody asked a bank: the rail cannot. */
  public static final Verification NOT_CHECKED = new Verification(NameMatch.NOT_CHECKED, null);

  /** How the name that the bank knows fits the one that was asked about. */
  public enum NameMatch {
    MATCH,
    CLOSE,
    NO_MATCH,
    NOT_CHECKED
  }

  /**
   * A credit of 0.01.
   *
   * @param endToEndId its id at the bank, if it has one
   * @param booked whether it is on the account (ISO 20022 ACCC) or was rejected (RJCT)
   * @param bankCode the bank's reason code for a rejection
   */
  public record TestCredit(
      @Nullable String endToEndId, boolean booked, @Nullable String bankCode) {}

  /** Whether the account may be used as far as the bank knows. */
  public boolean passed() {
    return nameMatch != NameMatch.NO_MATCH && (testCredit == null || testCredit.booked());
  }
}
