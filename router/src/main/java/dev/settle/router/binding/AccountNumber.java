package dev.settle.router.binding;

/**
 * A full account or card number. Prints as its last four digits, so that it cannot leak through a
 * log or a message.
 */
public final class AccountNumber {

  private final String digits;

  public AccountNumber(String digits) {
    this.digits = digits;
  }

  /** The number itself: for a cipher, for a bank's request, and to check it; nothing else. */
  public String reveal() {
    return digits;
  }

  public String last4() {
    return digits.substring(Math.max(0, digits.length() - 4));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AccountNumber number && number.digits.equals(digits);
  }

  @Override
  public int hashCode() {
    return digits.hashCode();
  }

  @Override
  public String toString() {
    return "****" + last4();
  }
}
