package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads a body whose objects have a closed list of fields, each at most once; every refusal names
 * the field it is in.
 */
final class StrictJson implements AutoCloseable {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_NUMBER_CHARACTERS = 32;
  private static final int MAX_TEXT_CHARACTERS = 4096;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_CHARACTERS)
                  .maxStringLength(MAX_TEXT_CHARACTERS)
                  .maxNameLength(MAX_TEXT_CHARACTERS)
                  .build())
          .build();

  private static final String WHOLE_BODY = "body";
  private static final int NO_ELEMENT = -1;

  private final JsonParser parser;
  private String list = "";
  private String name = WHOLE_BODY;
  private int element = NO_ELEMENT;

  private StrictJson(byte[] body) throws IOException {
    parser = FACTORY.createParser(body);
  }

  /** Reads a whole body, which must be one object and nothing after it. */
  static void read(byte[] body, Fields fields, FieldReader reader) throws MalformedRequest {
    try (StrictJson json = new StrictJson(body)) {
      json.body(fields, reader);
    } catch (IOException e) {
      throw new MalformedRequest(WHOLE_BODY, "is not readable as JSON");
    }
  }

  private void body(Fields fields, FieldReader reader) throws IOException, MalformedRequest {
    try {
      parser.nextToken();
      object(fields, reader);
      name = WHOLE_BODY;
      if (parser.nextToken() != null) {
        throw refused("holds more than one value");
      }
    } catch (IOException e) {
      throw refused("is not well-formed JSON within the limits");
    }
  }

  private void object(Fields fields, FieldReader reader) throws IOException, MalformedRequest {
    expect(JsonToken.START_OBJECT, "must be an object");
    int seen = 0;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      name = parser.currentName();
      int field = fields.names().indexOf(name);
      if (field < 0) {
        throw refused("is not a known field");
      }
      if ((seen & (1 << field)) != 0) {
        throw refused("stands there twice");
      }
      seen |= 1 << field;
      parser.nextToken();
      reader.read(this, field);
    }
    requireAll(fields, seen);
  }

  private void requireAll(Fields fields, int seen) throws MalformedRequest {
    int missing = ((1 << fields.required()) - 1) & ~seen;
    if (missing != 0) {
      name = fields.names().get(Integer.numberOfTrailingZeros(missing));
      throw refused("is missing");
    }
  }

  /** Reads the current field's value, a list of 1 to {@code max} objects; more is answered 413. */
  void objects(int max, Fields fields, FieldReader reader, Runnable afterEach)
      throws IOException, MalformedRequest {
    expect(JsonToken.START_ARRAY, "must be a list");
    list = name;
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element = count++;
      name = "";
      if (count > max) {
        throw new MalformedRequest(413, list, "must hold at most " + max + " entries");
      }
      object(fields, reader);
      afterEach.run();
    }
    element = NO_ELEMENT;
    name = list;
    if (count == 0) {
      throw refused("must hold at least one entry");
    }
  }

  /** The current field's value, a string that {@code shape} fits from end to end. */
  String text(Pattern shape) throws IOException, MalformedRequest {
    expect(JsonToken.VALUE_STRING, "must be a string");
    String text = parser.getText();
    if (!shape.matcher(text).matches()) {
      throw refused("must match " + shape.pattern());
    }
    return text;
  }

  /** The current field's value, an integer from 1 to {@link Long#MAX_VALUE}. */
  long positive() throws IOException, MalformedRequest {
    return integer(1, Long.MAX_VALUE);
  }

  /** The current field's value, an integer from {@code min} to {@code max}. */
  long integer(long min, long max) throws IOException, MalformedRequest {
    expect(JsonToken.VALUE_NUMBER_INT, "must be an integer");
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || parser.getLongValue() < min
        || parser.getLongValue() > max) {
      throw refused("must be from " + min + " to " + max);
    }
    return parser.getLongValue();
  }

  /** The current field's value, a chance from 0 to 1. */
  double rate() throws IOException, MalformedRequest {
    if (!parser.currentToken().isNumeric()) {
      throw refused("must be a number");
    }
    double rate = parser.getDoubleValue();
    if (!(rate >= 0 && rate <= 1)) {
      throw refused("must be from 0 to 1");
    }
    return rate;
  }

  /** Reads the current field's value, a list of 1 to {@code max} strings; more is answered 413. */
  List<String> texts(int max, Pattern shape) throws IOException, MalformedRequest {
    expect(JsonToken.START_ARRAY, "must be a list");
    list = name;
    name = "";
    List<String> texts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element = texts.size();
      if (texts.size() == max) {
        throw new MalformedRequest(413, list, "must hold at most " + max + " entries");
      }
      texts.add(text(shape));
    }
    element = NO_ELEMENT;
    name = list;
    if (texts.isEmpty()) {
      throw refused("must hold at least one entry");
    }
    return texts;
  }

  /** The current field's value, true or false. */
  boolean truth() throws MalformedRequest {
    if (!parser.currentToken().isBoolean()) {
      throw refused("must be true or false");
    }
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  private void expect(JsonToken token, String otherwise) throws MalformedRequest {
    if (parser.currentToken() != token) {
      throw refused(otherwise);
    }
  }

  private MalformedRequest refused(String detail) {
    return new MalformedRequest(path(), detail);
  }

  private String path() {
    if (element == NO_ELEMENT) {
      return name;
    }
    return list + "[" + element + "]" + (name.isEmpty() ? "" : "." + name);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /** An object's field names (at most 31), of which the first {@code required} must be there. */
  record Fields(List<String> names, int required) {}

  /** Takes the value of the field with the given index in {@link Fields#names()}. */
  @FunctionalInterface
  interface FieldReader {
    void read(StrictJson json, int field) throws IOException, MalformedRequest;
  }
}
