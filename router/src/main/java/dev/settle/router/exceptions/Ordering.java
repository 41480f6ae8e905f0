package dev.settle.router.exceptions;

import dev.settle.router.credit.ExceptionAction;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Limits;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an operator orders.
 *
 * @param orderId the caller's: the same again is a replay
 * @param reason why, for the record
 * @param assignee who has the credits from now on, of a hand-over; else null
 * @param count credits that the preview showed
 * @param minor their amounts by currency
 */
record Ordering(
    UUID orderId,
    Selection selection,
    String reason,
    @Nullable String assignee,
    long count,
    Map<String, Long> minor) {

  static final Set<String> FIELDS =
      Set.of("orderId", "action", "creditIds", "filter", "asOf", "reason", "assignee", "expected");

  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern REASON =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,200}");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final int CURRENCIES = 300;

  /** Reads it; throws a 422 that names the field at fault. */
  static Ordering read(JsonDocument json) {
    UUID orderId = UUID.fromString(json.matching("orderId", ID, "A UUID of yours is expected."));
    Selection selection = Selection.read(json);
    String reason = json.plain("reason", REASON, "1 to 200 printable characters are expected.");
    String assignee = json.optionalText("assignee");
    boolean handsOver = selection.action() == ExceptionAction.HAND_OVER;
    if (handsOver) {
      json.plain("assignee", Filter.PERSON, "1 to 100 printable characters are expected.");
    } else if (assignee != null) {
      throw json.invalid("assignee", "Only HAND_OVER names one.");
    }
    JsonDocument expected = json.object("expected", Set.of("count", "amountMinor"));
    return new Ordering(
        orderId,
        selection,
        reason,
        assignee,
        expected.wholeNumber("count", 0, Limits.EXCEPTION_ORDER_CREDITS),
        new TreeMap<>(
            expected.wholeNumbers("amountMinor", CURRENCY, CURRENCIES, 0, Long.MAX_VALUE)));
  }

  /** The id that {@code text} stands for, or null when it stands for none. */
  static @Nullable UUID id(String text) {
    return ID.matcher(text).matches() ? UUID.fromString(text) : null;
  }

  /** The hash of all that was ordered. */
  byte[] fingerprint() {
    JsonObject all =
        selection
            .whole()
            .put("reason", reason)
            .put("assignee", assignee)
            .put("count", count)
            .put("minor", new JsonObject(new TreeMap<>(minor)));
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(all.encode().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
