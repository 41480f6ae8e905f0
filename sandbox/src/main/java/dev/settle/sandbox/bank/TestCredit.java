package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a test credit.
 *
 * @param endToEndId of its booking, null when nothing was booked
 */
record TestCredit(@Nullable String endToEndId, Verdict verdict) {

  /** Writes the fields of the answer. */
  void write(JsonGenerator json) throws IOException {
    if (endToEndId != null) {
      json.writeStringField("endToEndId", endToEndId);
    }
    json.writeStringField("status", verdict.booked() ? "ACCC" : "RJCT");
    if (!verdict.booked()) {
      json.writeStringField("reason", verdict.name());
    }
  }
}
