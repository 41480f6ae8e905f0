package dev.settle.router.resolution;

import dev.settle.router.platform.JsonDocument;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody found out of a transfer, as it was sent to us.
 *
 * @param minor how much was credited or came back; null: all
 * @param evidence where that can be looked up
 */
record Proposal(Finding says, @Nullable Long minor, String evidence) {

  static final Set<String> FIELDS = Set.of("says", "amountMinor", "evidence");

  private static final Pattern SAYS = Pattern.compile("CREDITED|NOT_CREDITED|RETURNED");
  private static final Pattern EVIDENCE =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,500}");
  private static final long MOST_MINOR = 999_999_999_999_999L;

  /** Reads one; throws a problem that names the field at fault. */
  static Proposal of(JsonDocument json) {
    Finding says =
        Finding.valueOf(
            json.matching("says", SAYS, "CREDITED, NOT_CREDITED or RETURNED is expected."));
    Long minor = json.optionalWholeNumber("amountMinor", 1, MOST_MINOR);
    if (says == Finding.NOT_CREDITED && minor != null) {
      throw json.invalid("amountMinor", "Nothing was credited: leave the amount out.");
    }
    return new Proposal(
        says,
        minor,
        json.plain("evidence", EVIDENCE, "1 to 500 printable characters are expected."));
  }
}
