package dev.settle.demo.leak;

/**
 * An account number that must not be seen again.
 *
 * @param where it was put in: the name that a finding gives it, since no finding shows a number
 */
public record Mark(String where, String number) {

  /** The digits of it; an IBAN's letters are no secret. */
  String digits() {
    return number.replaceAll("[^0-9]", "");
  }

  @Override
  public String toString() {
    return "the number of: " + where;
  }
}
