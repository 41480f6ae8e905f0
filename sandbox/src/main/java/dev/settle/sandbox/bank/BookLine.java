package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * One line of the books file: a booking, or a rejection that has to be answered again in the same
 * way.
 *
 * @param at when it was decided, RFC 3339; text, because one request's lines share it
 * @param kind null for a rejection
 * @param content what {@link Transfer#content()} was, 0 for a test credit
 */
record BookLine(
    String endToEndId,
    String account,
    long amountMinor,
    String currency,
    String at,
    Booking.@Nullable Kind kind,
    Verdict verdict,
    long content) {

  static final JsonFactory FACTORY = JsonFactory.builder().build().setRootValueSeparator(null);

  private static final int HEXADECIMAL = 16;

  /** Writes the line with its end of line. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    writePayment(json);
    if (kind == null) {
      json.writeStringField("decidedAt", at);
      json.writeStringField("reason", verdict.name());
    } else {
      json.writeStringField("bookedAt", at);
      json.writeStringField("kind", kind.name());
    }
    json.writeStringField("content", Long.toHexString(content));
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** Writes the line of a booking as {@code GET /books} shows it. */
  void writeBooking(JsonGenerator json, Booking.Kind bookedAs) throws IOException {
    json.writeStartObject();
    writePayment(json);
    json.writeStringField("bookedAt", at);
    json.writeStringField("kind", bookedAs.name());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void writePayment(JsonGenerator json) throws IOException {
    json.writeStringField("endToEndId", endToEndId);
    json.writeStringField("account", account);
    json.writeNumberField("amountMinor", amountMinor);
    json.writeStringField("currency", currency);
  }

  /**
   * The line in {@code length} bytes from {@code offset}, an {@link IOException} when it is none.
   */
  static BookLine parse(byte[] bytes, int offset, int length) throws IOException {
    try (JsonParser json = FACTORY.createParser(bytes, offset, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not an object");
      }
      Fields fields = new Fields();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        fields.take(name, json);
      }
      return fields.line();
    } catch (IllegalArgumentException e) {
      throw new IOException("holds a value that is not from its list", e);
    }
  }

  /** The booking that this line holds, null for a rejection. */
  @Nullable Booking booking() throws IOException {
    return kind == null
        ? null
        : new Booking(endToEndId, account, amountMinor, currency, instant(), kind);
  }

  /** When the line was decided. */
  Instant instant() throws IOException {
    try {
      return Instant.parse(at);
    } catch (DateTimeParseException e) {
      throw new IOException("holds a time that is none: " + at, e);
    }
  }

  private static final class Fields {
    private @Nullable String endToEndId;
    private @Nullable String account;
    private long amountMinor;
    private @Nullable String currency;
    private @Nullable String at;
    private Booking.@Nullable Kind kind;
    private Verdict verdict = Verdict.ACCC;
    private long content;

    void take(String name, JsonParser json) throws IOException {
      switch (name) {
        case "endToEndId" -> endToEndId = json.getText();
        case "account" -> account = json.getText();
        case "amountMinor" -> amountMinor = json.getLongValue();
        case "currency" -> currency = json.getText().intern();
        case "bookedAt", "decidedAt" -> at = json.getText();
        case "kind" -> kind = Booking.Kind.valueOf(json.getText());
        case "reason" -> verdict = Verdict.valueOf(json.getText());
        case "content" -> content = Long.parseUnsignedLong(json.getText(), HEXADECIMAL);
        default -> throw new IOException("unknown field " + name);
      }
    }

    BookLine line() throws IOException {
      if (endToEndId == null || account == null || currency == null || at == null) {
        throw new IOException("a field is missing");
      }
      if ((kind == null) == verdict.booked()) {
        throw new IOException("is neither a booking nor a rejection");
      }
      return new BookLine(endToEndId, account, amountMinor, currency, at, kind, verdict, content);
    }
  }
}
