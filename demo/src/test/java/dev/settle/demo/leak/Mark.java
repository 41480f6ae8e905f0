package dev.settle.demo.leak;

/**
 * An account number that must not be seen again.
 *
 * @param where it was put in: the name that a finding gives it, since no finding shows a number
 * @param telling whether already its beginning is no other number's; of others only a longer part
 *     tells whose it is
 */
public record Mark(String where, String number, boolean telling) {

  /** The digits of it; an IBAN's letters are no secret. */
  String digits() {
    return number.replaceAll("[^0-9]", "");
  }

  @Override
  public String toString() {
    return "the number of: " + where;
  }
}
