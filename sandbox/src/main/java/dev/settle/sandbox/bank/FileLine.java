package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** One line of the books file: something that happened to money, or to a notification. */
sealed interface FileLine permits BookLine, OutboxLine {

  /** Writes the line with its end of line. */
  void write(JsonGenerator json) throws IOException;

  /**
   * The line in {@code length} bytes from {@code offset}, an {@link IOException} when it is none.
   */
  static FileLine parse(byte[] bytes, int offset, int length) throws IOException {
    try (JsonParser json = BookLine.FACTORY.createParser(bytes, offset, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT || json.nextToken() != JsonToken.FIELD_NAME) {
        throw new IOException("not an object with fields");
      }
      return OutboxLine.begins(json.currentName()) ? OutboxLine.parse(json) : BookLine.parse(json);
    } catch (IllegalArgumentException e) {
      throw new IOException("holds a value that is not from its list", e);
    }
  }
}
