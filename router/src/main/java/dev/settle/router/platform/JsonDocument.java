package dev.settle.router.platform;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that a client sent, read field by field. Whatever is wrong with its shape is thrown
 * as a {@link ProblemException} that names the field and never shows its value. For everything but
 * the hot path, which has a reader of its own.
 */
public final class JsonDocument {

  private static final int NESTING = 8;
  private static final int NUMBER = 100;
  private static final int NAME = 1_000;

  /** A merchant with all the terminals that he may have, and room. */
  private static final long TOKENS = 2L * Limits.MERCHANT_TERMINALS;

  private static final int NAME_SHOWN = 40;
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(NESTING)
                .maxStringLength(Limits.MERCHANT_BYTES)
                .maxNumberLength(NUMBER)
                .maxNameLength(NAME)
                .maxTokenCount(TOKENS)
                .build());
    JSON.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    JSON.enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  }

  private final JsonNode node;
  private final String prefix;

  private JsonDocument(JsonNode node, String prefix) {
    this.node = node;
    this.prefix = prefix;
  }

  /**
   * The object in a body.
   *
   * @param what it describes, with its article, for messages: {@code "a merchant"}
   * @param fields the names it may have
   */
  public static JsonDocument read(byte[] body, String what, Set<String> fields) {
    JsonNode node = parse(utf8(body));
    if (node.isMissingNode()) {
      throw new ProblemException(
          new Problem(400, "empty-body", null, "Send " + what + " as a JSON object."));
    }
    if (!node.isObject()) {
      throw malformed("The body is to be one JSON object that describes " + what + ".");
    }
    return new JsonDocument(node, "").only(fields);
  }

  /** The object in a body that may be left out: with no bytes it has no fields. */
  public static JsonDocument readOptional(byte[] body, String what, Set<String> fields) {
    return body.length == 0
        ? new JsonDocument(JSON.createObjectNode(), "")
        : read(body, what, fields);
  }

  private static String utf8(byte[] bytes) {
    // JSON's parser takes letters that are spelled too long, and other encodings.
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
              new Problem(422, "duplicate-field", twice, "The field stands twice; send it once."));
    } catch (StreamConstraintsException e) {
      throw malformed(
          "This is deeper, or has more in it or longer names or numbers, than is read.");
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
    return plain.substring(0, Math.min(NAME_SHOWN, plain.length()));
  }

  private JsonDocument only(Set<String> known) {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw unknown(name);
      }
    }
    return this;
  }

  private ProblemException unknown(String name) {
    return new ProblemException(
        new Problem(
            422, "unknown-field", prefix + printable(name), "There is no such field; remove it."));
  }

  /** The field's text. */
  public String text(String field) {
    return present(field, optionalText(field));
  }

  /** The field's text, or null when it is missing or null. */
  public @Nullable String optionalText(String field) {
    JsonNode value = value(field, "A string is expected.", JsonNode::isTextual);
    return value == null ? null : value.textValue();
  }

  /** The field's text, which has to match. */
  public String matching(String field, Pattern pattern, String expected) {
    String text = text(field);
    if (!pattern.matcher(text).matches()) {
      throw invalid(field, expected);
    }
    return text;
  }

  /**
   * The field's text as a person writes it, which has to match. It is kept and shown in clear, so
   * what may be an account number in it is refused.
   */
  public String plain(String field, Pattern pattern, String expected) {
    String text = matching(field, pattern, expected);
    if (HiddenNumber.mayBeIn(text)) {
      throw invalid(field, HiddenNumber.REFUSAL);
    }
    return text;
  }

  /** The field's truth value. */
  public boolean truth(String field) {
    JsonNode value = value(field, "true or false is expected.", JsonNode::isBoolean);
    return present(field, value).booleanValue();
  }

  /** The field's whole number, from {@code least} to {@code most}. */
  public long wholeNumber(String field, long least, long most) {
    return present(field, optionalWholeNumber(field, least, most));
  }

  /** The same, or null when the field is missing or null. */
  public @Nullable Long optionalWholeNumber(String field, long least, long most) {
    JsonNode value = value(field, "A whole number is expected.", JsonNode::isIntegralNumber);
    if (value == null) {
      return null;
    }
    if (!value.canConvertToLong() || value.longValue() < least || value.longValue() > most) {
      throw invalid(field, "Between " + least + " and " + most + " is expected.");
    }
    return value.longValue();
  }

  /** Whether the field is there and not null. */
  public boolean has(String field) {
    return node.hasNonNull(field);
  }

  /**
   * The whole numbers in the object in the field, by their names.
   *
   * @param names what each name matches
   * @param max how many there may be
   */
  public Map<String, Long> wholeNumbers(
      String field, Pattern names, int max, long least, long most) {
    JsonNode object = present(field, value(field, "An object is expected.", JsonNode::isObject));
    if (object.size() > max) {
      throw invalid(field, "At most " + max + " are expected.");
    }
    JsonDocument numbers = new JsonDocument(object, prefix + field + ".");
    Map<String, Long> found = new HashMap<>();
    for (Iterator<String> each = object.fieldNames(); each.hasNext(); ) {
      String name = each.next();
      if (!names.matcher(name).matches()) {
        throw numbers.unknown(name);
      }
      found.put(name, numbers.wholeNumber(name, least, most));
    }
    return found;
  }

  /** The object in the field. */
  public JsonDocument object(String field, Set<String> fields) {
    JsonNode value = value(field, "An object is expected.", JsonNode::isObject);
    return new JsonDocument(present(field, value), prefix + field + ".").only(fields);
  }

  /** The object in the field, or one without fields when it is missing or null. */
  public JsonDocument optionalObject(String field, Set<String> fields) {
    JsonNode value = value(field, "An object is expected.", JsonNode::isObject);
    JsonNode found = value == null ? JSON.createObjectNode() : value;
    return new JsonDocument(found, prefix + field + ".").only(fields);
  }

  /** The strings in the field; what is not a string reads as an empty one. */
  public List<String> texts(String field, int max) {
    List<String> texts = new ArrayList<>();
    present(field, array(field, max, "An array of strings is expected."))
        .forEach(item -> texts.add(item.isTextual() ? item.textValue() : ""));
    return texts;
  }

  /** The objects in the field, none when it is missing or null. */
  public List<JsonDocument> optionalObjects(String field, int max, Set<String> fields) {
    List<JsonDocument> objects = new ArrayList<>();
    JsonNode array = array(field, max, "An array of objects is expected.");
    for (int i = 0; array != null && i < array.size(); i++) {
      String name = field + "[" + i + "]";
      if (!array.get(i).isObject()) {
        throw wrongType(name, "An object is expected.");
      }
      objects.add(new JsonDocument(array.get(i), prefix + name + ".").only(fields));
    }
    return objects;
  }

  private @Nullable JsonNode array(String field, int max, String expected) {
    JsonNode array = value(field, expected, JsonNode::isArray);
    if (array != null && array.size() > max) {
      throw invalid(field, "At most " + max + " are expected.");
    }
    return array;
  }

  private @Nullable JsonNode value(
      String field, String expected, java.util.function.Predicate<JsonNode> type) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!type.test(value)) {
      throw wrongType(field, expected);
    }
    return value;
  }

  private <T> T present(String field, @Nullable T value) {
    if (value == null) {
      throw new ProblemException(
          new Problem(422, "missing-field", prefix + field, "The field is missing."));
    }
    return value;
  }

  private ProblemException wrongType(String field, String expected) {
    return new ProblemException(new Problem(422, "wrong-type", prefix + field, expected));
  }

  /** The problem of a value in this field. */
  public ProblemException invalid(String field, String detail) {
    return new ProblemException(Problem.invalid(prefix + field, detail));
  }
}
