package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A line of the books file about a notification: owed, written together with the booking that it
 * tells of, or settled.
 *
 * @param id the notification's id
 * @param body what is owed to be sent; null once it was delivered or given up
 */
record OutboxLine(String id, @Nullable String body) implements FileLine {
  private static final String OWED = "notification";
  private static final String SETTLED = "notified";
  private static final String BODY = "body";

  static boolean begins(String firstField) {
    return firstField.equals(OWED) || firstField.equals(SETTLED);
  }

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField(body == null ? SETTLED : OWED, id);
    if (body != null) {
      json.writeStringField(BODY, body);
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** The line whose first field's name was just read. */
  static OutboxLine parse(JsonParser json) throws IOException {
    boolean owed = json.currentName().equals(OWED);
    String id = json.nextTextValue();
    String body = null;
    if (owed && json.nextToken() == JsonToken.FIELD_NAME && json.currentName().equals(BODY)) {
      body = json.nextTextValue();
    }
    if (id == null || owed == (body == null)) {
      throw new IOException("a notification without its id or body");
    }
    return new OutboxLine(id, body);
  }
}
