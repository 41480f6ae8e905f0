package dev.settle.router.cardchange;

import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;
import org.iban4j.Iban;
import org.iban4j.Iban4jException;
import org.jspecify.annotations.Nullable;

/** Checks the account that is applied for as far as that can be done without asking anybody. */
final class AccountCheck {

  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Pattern IBAN = Pattern.compile("[A-Z]{2}[A-Z0-9]*");
  private static final Pattern BANK = Pattern.compile("[A-Z0-9]{3,14}");
  private static final Pattern NATIONAL_BANK = Pattern.compile("[0-9]{3}");
  private static final Pattern CNAPS = Pattern.compile("[0-9]{12}");

  /** A company's account is not a card: national number plans, no common check digit. */
  private static final Pattern COMPANY_NUMBER = Pattern.compile("[0-9]{8,32}");

  /** ISO/IEC 7812 allows up to 19 digits; shorter than 12 is no card. */
  private static final int CARD_MIN = 12;

  private static final int CARD_MAX = 19;
  private static final Set<String> TYPES = Set.of("PERSONAL", "CORPORATE");

  private final Draft draft;
  private final Findings findings;
  private final BankDirectory directory;

  AccountCheck(Draft draft, Findings findings, BankDirectory directory) {
    this.draft = draft;
    this.findings = findings;
    this.directory = directory;
  }

  void run() {
    boolean numberGood = number(draft.number() == null ? null : draft.number().reveal());
    boolean bankGood =
        findings.check(
            "account.bank",
            draft.bank(),
            bank -> BANK.matcher(bank).matches(),
            "bank-format",
            "3 to 14 capital letters or digits are expected.");
    if (numberGood && bankGood) {
      bankFitsNumber();
    }
    findings.check(
        "account.type",
        draft.type(),
        TYPES::contains,
        "unknown-type",
        "PERSONAL or CORPORATE is expected.");
    branch();
  }

  private boolean isCorporate() {
    return "CORPORATE".equals(draft.type());
  }

  private boolean number(@Nullable String number) {
    String field = "account.number";
    if (number == null || number.isBlank()) {
      findings.add(field, "missing", "A card number or an IBAN is expected.");
    } else if (isCorporate() && COMPANY_NUMBER.matcher(number).matches()) {
      return true;
    } else if (DIGITS.matcher(number).matches()) {
      if (number.length() < CARD_MIN || number.length() > CARD_MAX) {
        findings.add(field, "number-length", "A card number has 12 to 19 digits.");
      } else if (!LuhnCheckDigit.LUHN_CHECK_DIGIT.isValid(number)) {
        findings.add(field, "number-check-digit", "The number's check digit does not fit.");
      } else {
        return true;
      }
    } else if (!IBAN.matcher(number).matches()) {
      findings.add(field, "number-format", "Digits of a card, or an IBAN without spaces.");
    } else if (iban(number) == null) {
      findings.add(field, "iban-invalid", "This is no valid IBAN.");
    } else {
      return true;
    }
    return false;
  }

  /** The IBAN, or null when it is none. */
  private static @Nullable Iban iban(String number) {
    try {
      return Iban.valueOf(number);
    } catch (Iban4jException refused) {
      return null;
    }
  }

  private void bankFitsNumber() {
    String number = draft.number() == null ? "" : draft.number().reveal();
    // The first digits name the issuer of a card, not of a company's account.
    String known = isCorporate() ? null : directory.bankOf(number);
    if (IBAN.matcher(number).matches()) {
      Iban iban = iban(number);
      known = iban == null ? null : iban.getBankCode();
    }
    if (known != null && !known.isEmpty() && !known.equals(draft.bank())) {
      findings.add("account.bank", "bank-mismatch", "The number belongs to another bank.");
    }
  }

  private void branch() {
    String field = "account.branch";
    String branch = draft.branch();
    if (branch == null) {
      if (isCorporate()) {
        findings.add(field, "missing", "A corporate account needs its CNAPS code of 12 digits.");
      }
    } else if (!CNAPS.matcher(branch).matches()) {
      findings.add(field, "branch-format", "A CNAPS code has 12 digits.");
    } else if (draft.bank() != null
        && NATIONAL_BANK.matcher(draft.bank()).matches()
        && !branch.startsWith(draft.bank())) {
      findings.add(field, "branch-mismatch", "The branch belongs to another bank.");
    }
  }
}
