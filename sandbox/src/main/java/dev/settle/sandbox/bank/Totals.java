package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/** How many credits are booked and how much per currency in minor units; no test credits. */
final class Totals {
  private final Map<String, BigInteger> amountMinor;
  private long count;

  Totals() {
    this.amountMinor = new TreeMap<>();
  }

  private Totals(Totals from) {
    this.amountMinor = new TreeMap<>(from.amountMinor);
    this.count = from.count;
  }

  void add(String currency, long creditedMinor) {
    count++;
    amountMinor.merge(currency, BigInteger.valueOf(creditedMinor), BigInteger::add);
  }

  /** What it is now, whatever is added later. */
  Totals copy() {
    return new Totals(this);
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("count", count);
    json.writeObjectFieldStart("amountMinor");
    for (var amount : amountMinor.entrySet()) {
      json.writeFieldName(amount.getKey());
      json.writeNumber(amount.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
