package dev.settle.router.rail.sandbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the sandbox bank says of one transfer; what it leaves out is empty or null. */
final class SandboxResult {

  private static final JsonFactory JSON = new JsonFactory();

  private String id = "";
  private String status = "";
  private String code = "";
  private @Nullable Long amountMinor;
  private @Nullable Long bookedMinor;
  private @Nullable Long returnedMinor;
  private String returnCode = "";
  private boolean malformed;

  private SandboxResult() {}

  /**
   * The results of an answer, in its order. Throws {@link SandboxException} when it is not JSON
   * with a list of objects.
   */
  static List<SandboxResult> of(Buffer answer) {
    List<SandboxResult> results = new ArrayList<>();
    try (JsonParser json = JSON.createParser(answer.getBytes())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new SandboxException("the bank's answer is not an object");
      }
      for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (field.equals("results") && value == JsonToken.START_ARRAY) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            results.add(read(json));
          }
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException notJson) {
      throw new SandboxException("the bank's answer is not JSON");
    }
    return results;
  }

  private static SandboxResult read(JsonParser json) throws IOException {
    SandboxResult result = new SandboxResult();
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      result.malformed = true;
      return result;
    }
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "endToEndId" -> result.id = result.text(json);
        case "status" -> result.status = result.text(json);
        case "reason" -> result.code = result.text(json);
        case "amountMinor" -> result.amountMinor = result.number(json);
        case "bookedMinor" -> result.bookedMinor = result.number(json);
        case "returned" -> result.readReturn(json);
        default -> json.skipChildren();
      }
    }
    return result;
  }

  private void readReturn(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      malformed = true;
      json.skipChildren();
      return;
    }
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "amountMinor" -> returnedMinor = number(json);
        case "reason" -> returnCode = text(json);
        default -> json.skipChildren();
      }
    }
    // A return of nobody knows how much.
    malformed |= returnedMinor == null;
  }

  private String text(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    malformed |= json.currentToken() != JsonToken.VALUE_NULL;
    json.skipChildren();
    return "";
  }

  private @Nullable Long number(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return json.getLongValue();
    }
    malformed |= json.currentToken() != JsonToken.VALUE_NULL;
    json.skipChildren();
    return null;
  }

  String id() {
    return id;
  }

  String status() {
    return status;
  }

  /** The bank's reason code. */
  String code() {
    return code;
  }

  @Nullable Long amountMinor() {
    return amountMinor;
  }

  /** What was credited, where that is not the amount. */
  @Nullable Long bookedMinor() {
    return bookedMinor;
  }

  @Nullable Long returnedMinor() {
    return returnedMinor;
  }

  String returnCode() {
    return returnCode;
  }

  /** Whether something in it is not what it should be: then nothing of it is believed. */
  boolean isMalformed() {
    return malformed;
  }
}
