package dev.settle.router.reconciliation;

import dev.settle.router.explanation.WhoActs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A movement in which our book and the bank's differ.
 *
 * @param returned whether it is money that came back
 * @param creditIds our credits in it, in their order; none for what we never sent
 * @param attempt of the credit that the transfer carried alone, or null
 * @param ours what we have, in minor units of {@code currency}; null: nothing
 * @param theirs what the bank has, in minor units of {@code theirCurrency}; null: nothing
 * @param entries the bank's entries
 */
public record Difference(
    DifferenceKind kind,
    boolean returned,
    String endToEndId,
    List<Long> creditIds,
    @Nullable Integer attempt,
    @Nullable Long ours,
    @Nullable Long theirs,
    String currency,
    String theirCurrency,
    long entries) {

  /** Whose move it is. */
  public WhoActs owner() {
    boolean tooMuch = theirs != null && ours != null && theirs > ours;
    return kind.owner(tooMuch && currency.equals(theirCurrency));
  }

  /** The amount that it is about, in minor units. */
  long amountMinor() {
    return theirs != null ? theirs : ours != null ? ours : 0;
  }

  /** CREDIT or RETURN. */
  public String entry() {
    return returned ? "RETURN" : "CREDIT";
  }

  /** In words. The same difference has the same words, however often it is found. */
  public String detail() {
    String what = returned ? "return" : "credit";
    return switch (kind) {
      case MISSING_AT_BANK ->
          "the " + what + " of " + ours + " " + currency + " is not in the statement";
      case MISSING_HERE ->
          creditIds.isEmpty()
              ? "a " + what + " of " + booked() + " for a transfer that was never sent"
              : "a " + what + " of " + booked() + ", and here there is none";
      case AMOUNT_DIFFERENT ->
          "the " + what + " is " + ours + " " + currency + " here and " + booked() + " there";
      case ACCOUNT_DIFFERENT -> "the " + what + " of " + booked() + " went to another account";
    };
  }

  private String booked() {
    return theirs + " " + theirCurrency + (entries > 1 ? " in " + entries + " entries" : "");
  }
}
