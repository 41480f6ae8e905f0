package dev.settle.router.webhook;

import dev.settle.router.platform.HiddenNumber;
import dev.settle.router.platform.JsonDocument;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A webhook that somebody wants, as it was sent to us.
 *
 * @param ownerKind MERCHANT or ACQUIRER
 * @param kinds what it is told: all, where nothing is said
 */
record Draft(String ownerKind, String ownerId, String url, List<String> kinds) {

  static final Set<String> FIELDS = Set.of("merchantId", "acquirerId", "url", "events");

  static final Pattern MERCHANT = Pattern.compile("[0-9A-Za-z]{1,15}");
  static final Pattern ACQUIRER = Pattern.compile("[0-9]{1,11}");
  static final String MERCHANT_EXPECTED = "1 to 15 letters or digits are expected.";
  static final String ACQUIRER_EXPECTED = "1 to 11 digits are expected.";

  /** Reads one; throws a problem that names the field at fault. */
  static Draft of(JsonDocument json) {
    boolean ofMerchant = json.has("merchantId");
    if (ofMerchant == json.has("acquirerId")) {
      throw json.invalid("merchantId", "Either merchantId or acquirerId is expected.");
    }
    String owner =
        ofMerchant
            ? json.matching("merchantId", MERCHANT, MERCHANT_EXPECTED)
            : json.matching("acquirerId", ACQUIRER, ACQUIRER_EXPECTED);
    return new Draft(
        ofMerchant ? "MERCHANT" : "ACQUIRER", owner, url(json), kinds(json, ofMerchant));
  }

  /** It is kept and shown in clear; what else it has to be, {@link Destination} says. */
  private static String url(JsonDocument json) {
    String url = json.text("url");
    if (HiddenNumber.mayBeIn(url) || HiddenNumber.mayBeIn(decoded(url))) {
      throw json.invalid(
          "url", "It may hold an account number, which has no place in an address; leave it out.");
    }
    return url;
  }

  private static String decoded(String url) {
    try {
      return URLDecoder.decode(url, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException noEscapes) {
      return url;
    }
  }

  private static List<String> kinds(JsonDocument json, boolean ofMerchant) {
    List<String> choices =
        EventKind.choices().stream()
            // A card is the merchant's own matter.
            .filter(kind -> ofMerchant || !kind.equals(EventKind.CARD_CHANGE_EFFECTIVE.text()))
            .toList();
    if (!json.has("events")) {
      return choices;
    }
    List<String> kinds = json.texts("events", choices.size());
    if (kinds.isEmpty() || !choices.containsAll(kinds)) {
      throw json.invalid("events", "Some of " + String.join(", ", choices) + " are expected.");
    }
    return List.copyOf(new TreeSet<>(kinds));
  }
}
