package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the bank remembers of a transfer it has decided: little, because millions stay in memory
 * ({@link Decisions}).
 *
 * @param content {@link Transfer#content()} of the transfer as it came first
 * @param amountMinor the amount asked for
 * @param course null for the ordinary ones: rejected, or credited whole, at once and for good
 */
record Decision(
    long content, long amountMinor, String currency, Verdict verdict, @Nullable Course course) {

  /** The decision on a transfer whose id came before with other content. */
  static Decision duplicate(Transfer transfer) {
    return new Decision(0, transfer.amountMinor(), transfer.currency(), Verdict.DUPL, null);
  }

  /** The amount that is on the creditor's account or was there, 0 when there is none. */
  long bookedMinor() {
    if (course != null) {
      return course.credited() ? course.bookedMinor() : 0;
    }
    return verdict.booked() ? amountMinor : 0;
  }

  Decision with(Course next) {
    return new Decision(content, amountMinor, currency, verdict, next);
  }

  /** Writes the fields of a result as it is now, as the answer to a transfer has them. */
  void write(JsonGenerator json, String endToEndId) throws IOException {
    json.writeStringField("endToEndId", endToEndId);
    json.writeStringField("status", status());
    if (!verdict.booked()) {
      json.writeStringField("reason", verdict.name());
    }
    if (course != null && course.credited() && course.partial()) {
      json.writeNumberField("bookedMinor", course.bookedMinor());
    }
  }

  /** Writes the fields of a result as the answer to an enquiry has them. */
  void writeEnquired(JsonGenerator json, String endToEndId) throws IOException {
    write(json, endToEndId);
    json.writeNumberField("amountMinor", amountMinor);
    json.writeStringField("currency", currency);
    Course.Returned returned = course == null ? null : course.returned();
    if (returned != null) {
      json.writeObjectFieldStart("returned");
      json.writeNumberField("amountMinor", returned.amountMinor());
      json.writeStringField("reason", returned.reason().name());
      json.writeStringField("bookedAt", returned.bookedAt().toString());
      json.writeEndObject();
    }
  }

  private String status() {
    if (!verdict.booked()) {
      return "RJCT";
    }
    return course == null || course.credited() ? "ACCC" : "ACWP";
  }
}
