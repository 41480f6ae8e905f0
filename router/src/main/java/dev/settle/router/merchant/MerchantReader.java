package dev.settle.router.merchant;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.platform.JsonDocument;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a merchant from JSON; throws {@link ProblemException} that names the field at fault. */
final class MerchantReader {

  private static final Set<String> FIELDS =
      Set.of("merchantId", "name", "mcc", "terminals", "account");
  private static final Set<String> ACCOUNT_FIELDS = Set.of("number", "bank", "holder", "type");
  private static final Set<String> TYPES = Set.of("PERSONAL", "CORPORATE");
  private static final Pattern MERCHANT_ID = Pattern.compile("[A-Za-z0-9]{1,15}");
  static final Pattern TERMINAL_ID = Pattern.compile("[A-Za-z0-9]{1,8}");
  private static final Pattern MCC = Pattern.compile("[0-9]{4}");
  private static final Pattern BANK = Pattern.compile("[A-Z0-9]{3,14}");
  private static final Pattern NUMBER = Pattern.compile("[A-Z0-9]{8,34}");

  /** ISO 20022 Max140Text; no control characters, halves of characters, or breaks of lines. */
  private static final Pattern NAME =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,140}");

  private MerchantReader() {}

  /** Whether a merchant can have this id. */
  static boolean isMerchantId(String text) {
    return MERCHANT_ID.matcher(text).matches();
  }

  /** The merchant that the path names; a 404 where no merchant can have that id. */
  static String merchantId(RoutingContext call) {
    String merchantId = call.pathParam("merchantId");
    if (!isMerchantId(merchantId)) {
      throw new ProblemException(Problem.notFound("merchant"));
    }
    return merchantId;
  }

  static Merchant read(byte[] bytes) {
    JsonDocument merchant = JsonDocument.read(bytes, "a merchant", FIELDS);
    JsonDocument account = merchant.object("account", ACCOUNT_FIELDS);
    String type = account.text("type");
    if (!TYPES.contains(type)) {
      throw account.invalid("type", "PERSONAL or CORPORATE is expected.");
    }
    String number =
        account.matching("number", NUMBER, "8 to 34 capital letters or digits are expected.");
    return new Merchant(
        merchant.matching("merchantId", MERCHANT_ID, "1 to 15 letters or digits are expected."),
        nameWithout(number, merchant, "name"),
        merchant.matching("mcc", MCC, "Four digits are expected."),
        terminals(merchant),
        new AccountNumber(number),
        account.matching("bank", BANK, "3 to 14 capital letters or digits are expected."),
        nameWithout(number, account, "holder"),
        type);
  }

  /** Names are shown, the number never: a short one is known by being the account's own. */
  private static String nameWithout(String number, JsonDocument document, String field) {
    String name = document.plain(field, NAME, "1 to 140 printable characters are expected.");
    if (name.contains(number)) {
      throw document.invalid(field, "The account's number belongs into account.number alone.");
    }
    return name;
  }

  private static List<String> terminals(JsonDocument merchant) {
    List<String> terminals = merchant.texts("terminals", Limits.MERCHANT_TERMINALS);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < terminals.size(); i++) {
      String id = terminals.get(i);
      if (!TERMINAL_ID.matcher(id).matches() || !seen.add(id)) {
        throw merchant.invalid(
            "terminals[" + i + "]", "1 to 8 letters or digits, each id once, are expected.");
      }
    }
    return terminals;
  }
}
