package dev.settle.router.access;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose transactions a caller may submit and see.
 *
 * @param acquirerId the acquirer that it speaks for, 1 to 11 digits; null: it speaks for none in
 *     particular, as people do
 * @param merchants the acquirer's merchants that it is kept to; empty: all of them
 */
public record Scope(@Nullable String acquirerId, Set<String> merchants) {

  /** Everything: what people see. */
  public static final Scope ALL = new Scope(null, Set.of());

  private static final Pattern ACQUIRER = Pattern.compile("[0-9]{1,11}");
  private static final Pattern MERCHANT = Pattern.compile("[A-Za-z0-9]{1,15}");

  static final Problem NOT_YOUR_ACQUIRER =
      new Problem(
          403,
          "not-your-acquirer",
          "acquirerId",
          "Who calls speaks for another acquirer; use the credentials of this one.");
  static final Problem NOT_YOUR_MERCHANT =
      new Problem(
          403,
          "not-your-merchant",
          "merchantId",
          "Who calls is kept to other merchants; use credentials that name this one.");

  /**
   * @throws IllegalArgumentException for what is no acquirer's or merchant's id, and for too many
   */
  public Scope {
    merchants = Set.copyOf(merchants);
    if (acquirerId == null ? !merchants.isEmpty() : !ACQUIRER.matcher(acquirerId).matches()) {
      throw new IllegalArgumentException("an acquirer's id has 1 to 11 digits");
    }
    if (merchants.size() > Limits.SCOPE_MERCHANTS
        || !merchants.stream().allMatch(id -> MERCHANT.matcher(id).matches())) {
      throw new IllegalArgumentException(
          "up to "
              + Limits.SCOPE_MERCHANTS
              + " merchants may be named, by ids of 1 to 15 letters or digits");
    }
  }

  /** All merchants of one acquirer. */
  public static Scope ofAcquirer(String acquirerId) {
    return new Scope(acquirerId, Set.of());
  }

  /** Why a transaction of this merchant is none of the caller's, or null when it is. */
  @Nullable Problem refusal(String acquirer, String merchant) {
    if (acquirerId == null) {
      return null;
    }
    if (!acquirerId.equals(acquirer)) {
      return NOT_YOUR_ACQUIRER;
    }
    return merchants.isEmpty() || merchants.contains(merchant) ? null : NOT_YOUR_MERCHANT;
  }
}
