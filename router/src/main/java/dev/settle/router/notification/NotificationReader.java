package dev.settle.router.notification;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.notification.Notification.Changed;
import dev.settle.router.notification.Notification.Entry;
import dev.settle.router.platform.JsonDocument;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a notification's body; throws a problem that names the first field at fault and never shows
 * its value. Pure.
 */
final class NotificationReader {

  private static final String WHAT = "a notification";
  private static final String CHANGED = "account-changed";
  private static final Set<String> HEAD = Set.of("type", "occurredAt", "endToEndId");
  private static final Set<String> MONEY =
      Set.of("amountMinor", "currency", "entryStatus", "reason");
  private static final Set<String> ACCOUNT = Set.of("number", "bank", "holder");

  private static final Pattern TYPE = Pattern.compile(String.join("|", NotificationMetrics.TYPES));

  /** ISO 20022 has 35 characters; what a bank makes up itself may be longer. */
  private static final Pattern ID = Pattern.compile("[!-~]{1,64}");

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern ENTRY_STATUS = Pattern.compile("BOOK|PDNG");

  /** ISO 20022 external codes have up to four characters: no room for an account number. */
  private static final Pattern CODE = Pattern.compile("[A-Z0-9]{1,4}");

  private static final long MOST_MINOR = 999_999_999_999_999L;
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Duration AHEAD = Duration.ofDays(1);

  private NotificationReader() {}

  static Notification read(byte[] body, Instant now) {
    boolean changed = CHANGED.equals(type(body));
    JsonDocument json =
        JsonDocument.read(body, WHAT, with(HEAD, changed ? Set.of("account") : MONEY));
    return new Notification(
        json.text("type"),
        time(json, now),
        json.matching("endToEndId", ID, "1 to 64 printable ASCII characters are expected."),
        changed ? changed(json) : entry(json));
  }

  /** Which fields there may be depends on it. */
  private static String type(byte[] body) {
    return JsonDocument.read(body, WHAT, with(with(HEAD, MONEY), Set.of("account")))
        .matching(
            "type",
            TYPE,
            "One of " + String.join(", ", NotificationMetrics.TYPES) + " is expected.");
  }

  private static Set<String> with(Set<String> some, Set<String> more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(more);
    return all;
  }

  private static OffsetDateTime time(JsonDocument json, Instant now) {
    OffsetDateTime time = parsed(json.text("occurredAt"));
    if (time == null
        || time.toInstant().isBefore(EARLIEST)
        || time.toInstant().isAfter(now.plus(AHEAD))) {
      throw json.invalid(
          "occurredAt", "An RFC 3339 time is expected, at most a day ahead of the router's clock.");
    }
    return time;
  }

  private static @Nullable OffsetDateTime parsed(String text) {
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeParseException refused) {
      return null;
    }
  }

  private static Entry entry(JsonDocument json) {
    long minor = json.wholeNumber("amountMinor", 1, MOST_MINOR);
    String currency = json.matching("currency", CURRENCY, "An ISO 4217 code is expected.");
    String status = json.matching("entryStatus", ENTRY_STATUS, "BOOK or PDNG is expected.");
    String code =
        json.optionalText("reason") == null
            ? null
            : json.matching("reason", CODE, "An ISO 20022 reason code is expected.");
    return new Entry(minor, currency, status.equals("BOOK"), code);
  }

  private static Changed changed(JsonDocument json) {
    JsonDocument account = json.object("account", ACCOUNT);
    return new Changed(
        new AccountNumber(account.text("number")), account.text("bank"), account.text("holder"));
  }
}
