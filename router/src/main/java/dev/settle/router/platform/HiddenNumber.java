package dev.settle.router.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;
import org.iban4j.IbanUtil;

/**
 * Finds what may be an account number in text that people write: in a name, a reason, a note. Such
 * text is kept and shown in clear, so it must not hold one. Taken for a number are 16 digits or
 * more in a row; 13 to 19 digits with single spaces, hyphens or dots between them whose check digit
 * fits and that begin as cards do; and IBANs. Shorter numbers cannot be told from ids, and pass.
 */
public final class HiddenNumber {

  /** What a field that must not hold one says of it. */
  static final String REFUSAL =
      "It may hold an account number, which belongs into account.number alone; leave it out.";

  /** No id of ours, no date and no telephone number has as many digits in a row. */
  private static final int SURELY_LONG = 16;

  private static final int CARD_MIN = 13;
  private static final int CARD_MAX = 19;

  /** The first digits that ISO/IEC 7812 gives to travel, banking and finance. */
  private static final Pattern CARD = Pattern.compile("[3-6][0-9]{12,18}");

  private static final Pattern IBAN =
      Pattern.compile("(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9])");

  private HiddenNumber() {}

  /** Whether {@code text} may hold an account number. */
  public static boolean mayBeIn(String text) {
    List<String> chain = new ArrayList<>();
    StringBuilder group = new StringBuilder();
    boolean separated = false;
    for (int at = 0; at < text.length(); ) {
      int letter = text.codePointAt(at);
      at += Character.charCount(letter);
      int digit = Character.digit(letter, 10);
      if (digit >= 0) {
        group.append((char) ('0' + digit));
        separated = false;
      } else if (isSeparator(letter) && !separated && group.length() > 0) {
        chain.add(group.toString());
        group.setLength(0);
        separated = true;
      } else {
        if (isNumber(chain, group)) {
          return true;
        }
        separated = false;
      }
    }
    return isNumber(chain, group) || hasIban(text);
  }

  private static boolean isSeparator(int letter) {
    return letter == '-'
        || letter == '.'
        || letter == '_'
        || Character.isSpaceChar(letter)
        || Character.getType(letter) == Character.DASH_PUNCTUATION;
  }

  /** Looks at the groups of digits that stand together, and forgets them. */
  private static boolean isNumber(List<String> chain, StringBuilder last) {
    if (last.length() > 0) {
      chain.add(last.toString());
      last.setLength(0);
    }
    boolean found = false;
    for (int from = 0; from < chain.size() && !found; from++) {
      found = chain.get(from).length() >= SURELY_LONG || isCardFrom(chain, from);
    }
    chain.clear();
    return found;
  }

  private static boolean isCardFrom(List<String> chain, int from) {
    StringBuilder digits = new StringBuilder();
    for (int to = from; to < chain.size() && digits.length() <= CARD_MAX; to++) {
      digits.append(chain.get(to));
      if (digits.length() >= CARD_MIN
          && CARD.matcher(digits).matches()
          && LuhnCheckDigit.LUHN_CHECK_DIGIT.isValid(digits.toString())) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasIban(String text) {
    for (Matcher found = IBAN.matcher(text); found.find(); ) {
      if (IbanUtil.isValid(found.group().replaceAll("[ -]", ""))) {
        return true;
      }
    }
    return false;
  }
}
