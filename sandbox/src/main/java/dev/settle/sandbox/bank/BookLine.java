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
 * A booking, a return, or a decision that has to be answered again in the same way.
 *
 * @param amountMinor what was or will be booked
 * @param at when it was decided, RFC 3339; text, because one request's lines share it
 * @param verdict why it was rejected or returned, ACCC otherwise
 * @param content what {@link Transfer#content()} was, 0 for a test credit
 * @param course on the first line of a transfer that departs from the ordinary, else null
 */
record BookLine(
    String endToEndId,
    String account,
    long amountMinor,
    String currency,
    String at,
    Entry entry,
    Verdict verdict,
    long content,
    @Nullable Course course)
    implements FileLine {

  static final JsonFactory FACTORY = JsonFactory.builder().build().setRootValueSeparator(null);

  private static final int HEXADECIMAL = 16;

  /** The first line of a transfer. */
  static BookLine of(Transfer transfer, String at, Decision decision) {
    Course course = decision.course();
    Entry entry = decision.verdict().booked() ? Entry.CREDIT : Entry.REJECTED;
    return new BookLine(
        transfer.endToEndId(),
        transfer.account(),
        course == null ? transfer.amountMinor() : course.bookedMinor(),
        transfer.currency(),
        at,
        course == null || course.credited() ? entry : Entry.ACCEPTED,
        decision.verdict(),
        decision.content(),
        course);
  }

  /** A later line of a transfer that has a course: its credit or its return. */
  static BookLine later(
      String endToEndId, Decision decision, Course course, String at, Entry entry) {
    return new BookLine(
        endToEndId,
        course.account(),
        course.bookedMinor(),
        decision.currency(),
        at,
        entry,
        entry == Entry.RETURN ? course.returnReason() : Verdict.ACCC,
        decision.content(),
        null);
  }

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    writePayment(json);
    json.writeStringField(entry.moved() ? "bookedAt" : "decidedAt", at);
    if (entry != Entry.REJECTED) {
      json.writeStringField("kind", entry.name());
    }
    writeReason(json);
    if (course != null) {
      writeCourse(json, course);
    }
    json.writeStringField("content", Long.toHexString(content));
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private static void writeCourse(JsonGenerator json, Course course) throws IOException {
    json.writeNumberField("askedMinor", course.askedMinor());
    json.writeNumberField("creditDueMs", course.creditDueMs());
    json.writeNumberField("returnDueMs", course.returnDueMs());
    json.writeStringField("returnReason", course.returnReason().name());
    json.writeBooleanField("confirmLast", course.confirmLast());
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

  /** Writes the line of a credit or return as {@code GET /statement} shows it. */
  void writeEntry(JsonGenerator json) throws IOException {
    json.writeStartObject();
    // An id is credited once and returned once at most.
    json.writeStringField("entryId", entry.name() + "/" + endToEndId);
    json.writeStringField("endToEndId", endToEndId);
    json.writeStringField("kind", entry.name());
    json.writeNumberField("amountMinor", amountMinor);
    json.writeStringField("currency", currency);
    json.writeStringField("account", account);
    json.writeStringField("bookedAt", at);
    writeReason(json);
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void writePayment(JsonGenerator json) throws IOException {
    json.writeStringField("endToEndId", endToEndId);
    json.writeStringField("account", account);
    json.writeNumberField("amountMinor", amountMinor);
    json.writeStringField("currency", currency);
  }

  private void writeReason(JsonGenerator json) throws IOException {
    if (!verdict.booked()) {
      json.writeStringField("reason", verdict.name());
    }
  }

  /** The line whose first field's name was just read. */
  static BookLine parse(JsonParser json) throws IOException {
    BookFields fields = new BookFields();
    for (JsonToken token = json.currentToken();
        token == JsonToken.FIELD_NAME;
        token = json.nextToken()) {
      String name = json.currentName();
      json.nextToken();
      fields.take(name, json);
    }
    return fields.line();
  }

  static long content(String hexadecimal) {
    return Long.parseUnsignedLong(hexadecimal, HEXADECIMAL);
  }

  /** The booking that this line holds, null when it holds none. */
  @Nullable Booking booking() throws IOException {
    Booking.Kind kind = entry.booked();
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
}
