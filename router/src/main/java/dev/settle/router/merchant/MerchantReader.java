package dev.settle.router.merchant;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.settle.router.binding.AccountNumber;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import dev.settle.router.platform.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a merchant from JSON; throws {@link ProblemException} that names the field at fault. */
final class MerchantReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(8)
                .maxStringLength(Limits.MERCHANT_BYTES)
                .build());
    JSON.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    JSON.enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  }

  private static final Set<String> FIELDS =
      Set.of("merchantId", "name", "mcc", "terminals", "account");
  private static final Set<String> ACCOUNT_FIELDS = Set.of("number", "bank", "holder", "type");
  private static final Set<String> TYPES = Set.of("PERSONAL", "CORPORATE");
  private static final Pattern MERCHANT_ID = Pattern.compile("[A-Za-z0-9]{1,15}");
  private static final Pattern TERMINAL_ID = Pattern.compile("[A-Za-z0-9]{1,8}");
  private static final Pattern MCC = Pattern.compile("[0-9]{4}");
  private static final Pattern BANK = Pattern.compile("[A-Z0-9]{3,14}");
  private static final Pattern NUMBER = Pattern.compile("[A-Z0-9]{8,34}");

  /** ISO 20022 Max140Text; no control characters, halves of characters, or breaks of lines. */
  private static final Pattern NAME =
      Pattern.compile("(?=.*[^\\p{Z}])[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{1,140}");

  private static final int MAX_TERMINALS = 10_000;

  private MerchantReader() {}

  /** Whether a merchant can have this id. */
  static boolean isMerchantId(String text) {
    return MERCHANT_ID.matcher(text).matches();
  }

  static Merchant read(byte[] bytes) {
    JsonNode merchant = object(bytes);
    onlyFields(merchant, FIELDS, "");
    JsonNode account = merchant.path("account");
    present(account, "account", account.isObject(), "An object is expected.");
    onlyFields(account, ACCOUNT_FIELDS, "account.");
    String type = text(account, "type", "account.");
    if (!TYPES.contains(type)) {
      throw invalid("account.type", "PERSONAL or CORPORATE is expected.");
    }
    return new Merchant(
        matching(
            merchant, "merchantId", "", MERCHANT_ID, "1 to 15 letters or digits are expected."),
        matching(merchant, "name", "", NAME, "1 to 140 printable characters are expected."),
        matching(merchant, "mcc", "", MCC, "Four digits are expected."),
        terminals(merchant.path("terminals")),
        new AccountNumber(
            matching(
                account,
                "number",
                "account.",
                NUMBER,
                "8 to 34 capital letters or digits are expected.")),
        matching(
            account, "bank", "account.", BANK, "3 to 14 capital letters or digits are expected."),
        matching(
            account, "holder", "account.", NAME, "1 to 140 printable characters are expected."),
        type);
  }

  private static JsonNode object(byte[] bytes) {
    JsonNode node = parse(utf8(bytes));
    if (node.isMissingNode()) {
      throw new ProblemException(
          new Problem(400, "empty-body", null, "Send one merchant as a JSON object."));
    }
    if (!node.isObject()) {
      throw malformed("A merchant is a JSON object.");
    }
    return node;
  }

  /** JSON's parser takes letters that are spelled too long, and other encodings. */
  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("This is not UTF-8 text.");
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (MismatchedInputException e) {
      String twice = e.getProcessor() instanceof JsonParser json ? path(json) : "";
      throw twice.isEmpty()
          ? malformed("One JSON object is expected, and nothing after it.")
          : new ProblemException(
              new Problem(422, "duplicate-field", twice, "The field stands twice."));
    } catch (JsonProcessingException e) {
      throw malformed(
          "This is not JSON, at line "
              + (e.getLocation() == null ? 0 : e.getLocation().getLineNr())
              + ".");
    }
  }

  /** Where the parser stands, as problems name fields; empty outside of the object. */
  private static String path(JsonParser json) {
    String pointer = json.getParsingContext().pathAsPointer().toString();
    return pointer.isEmpty() ? "" : printable(pointer.substring(1).replace('/', '.'));
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(new Problem(400, "malformed-json", null, detail));
  }

  /**
   * A name goes back to its sender: cut short, and nothing but plain letters. No digits, for what
   * stands in the place of a name may be an account number.
   */
  private static String printable(String name) {
    String plain = name.replaceAll("[^A-Za-z_.-]", "?");
    return plain.substring(0, Math.min(40, plain.length()));
  }

  private static void onlyFields(JsonNode node, Set<String> known, String prefix) {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new ProblemException(
            new Problem(
                422,
                "unknown-field",
                prefix + printable(name),
                "There is no such field; remove it."));
      }
    }
  }

  private static String matching(
      JsonNode node, String field, String prefix, Pattern pattern, String expected) {
    String text = text(node, field, prefix);
    if (!pattern.matcher(text).matches()) {
      throw invalid(prefix + field, expected);
    }
    return text;
  }

  private static String text(JsonNode node, String field, String prefix) {
    JsonNode value = node.path(field);
    present(value, prefix + field, value.isTextual(), "A string is expected.");
    return value.textValue();
  }

  private static void present(JsonNode value, String field, boolean rightType, String expected) {
    if (value.isMissingNode() || value.isNull()) {
      throw new ProblemException(new Problem(422, "missing-field", field, "The field is missing."));
    }
    if (!rightType) {
      throw new ProblemException(new Problem(422, "wrong-type", field, expected));
    }
  }

  private static List<String> terminals(JsonNode node) {
    present(node, "terminals", node.isArray(), "An array of ids is expected.");
    if (node.size() > MAX_TERMINALS) {
      throw invalid("terminals", "At most " + MAX_TERMINALS + " ids are expected.");
    }
    Set<String> seen = new HashSet<>();
    List<String> terminals = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      String id = node.get(i).isTextual() ? node.get(i).textValue() : "";
      if (!TERMINAL_ID.matcher(id).matches() || !seen.add(id)) {
        throw invalid("terminals[" + i + "]", "1 to 8 letters or digits, each id once.");
      }
      terminals.add(id);
    }
    return terminals;
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(Problem.invalid(field, detail));
  }
}
