package dev.settle.router.money;

/**
 * An amount of one currency.
 *
 * @param minor in the currency's minor unit, greater than 0
 * @param currency ISO 4217 alphabetic code
 */
public record Money(long minor, String currency) {

  /** The largest amount a terminal can state: ISO 8583 field 4 has twelve digits. */
  public static final long MAX_MINOR = 999_999_999_999L;

  public Money {
    if (minor <= 0 || minor > MAX_MINOR) {
      throw new IllegalArgumentException("amount out of range: " + minor);
    }
  }
}
