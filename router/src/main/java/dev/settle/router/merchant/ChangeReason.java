package dev.settle.router.merchant;

import dev.settle.router.platform.JsonDocument;
import java.util.regex.Pattern;

/** The words in which an operator says why a status or a hold is changed. */
final class ChangeReason {

  /** ISO 20022 Max140Text, as names are. */
  private static final Pattern TEXT =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,140}");

  /** Reasons are shown and kept as they are; an account number must not come in by this door. */
  private static final Pattern LIKE_AN_ACCOUNT_NUMBER = Pattern.compile("([0-9][ -]?){13,}");

  private ChangeReason() {}

  /** The document's {@code reason}. */
  static String in(JsonDocument document) {
    String reason = document.plain("reason", TEXT, "1 to 140 printable characters are expected.");
    if (LIKE_AN_ACCOUNT_NUMBER.matcher(reason).find()) {
      throw document.invalid("reason", "This looks like an account number; leave it out.");
    }
    return reason;
  }
}
