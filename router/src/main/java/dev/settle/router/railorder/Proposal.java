package dev.settle.router.railorder;

import dev.settle.router.platform.JsonDocument;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What somebody orders of a rail, as it was sent to us.
 *
 * @param kind HOLD, DRAIN or RESUME
 */
record Proposal(String kind, String reason) {

  static final Set<String> FIELDS = Set.of("order", "reason");

  private static final Pattern KIND = Pattern.compile("HOLD|DRAIN|RESUME");
  private static final Pattern REASON =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,500}");

  /** Reads one; throws a problem that names the field at fault. */
  static Proposal of(JsonDocument json) {
    return new Proposal(
        json.matching("order", KIND, "HOLD, DRAIN or RESUME is expected."), reason(json));
  }

  /** Why, of an order or of its rejection. */
  static String reason(JsonDocument json) {
    return json.plain("reason", REASON, "1 to 500 printable characters are expected.");
  }
}
