package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The faults in force, as one {@code PUT /faults} set them; unchangeable.
 *
 * <p>Whether a transfer or a notification is hit depends on the seed and its id alone, so that the
 * same traffic meets the same faults whatever its order.
 */
final class FaultSet {
  static final FaultSet NONE = new FaultSet(new EnumMap<>(Fault.class), null);
  static final long DEFAULT_SEED = 20_261_122;

  private static final long MAX_DELAY_MS = 60_000;
  private static final long MAX_SLOW_MS = 600_000;
  private static final long DEFAULT_SLOW_MS = 30_000;
  private static final Pattern ACCOUNT = Pattern.compile("[A-Z0-9]{4,34}");
  private static final StrictJson.Fields FIELDS = new StrictJson.Fields(Fault.fields(), 0);
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final Map<Fault, Number> values;
  private final @Nullable String slowAccount;
  private final boolean perTransfer;

  private FaultSet(Map<Fault, Number> values, @Nullable String slowAccount) {
    this.values = values;
    this.slowAccount = slowAccount;
    this.perTransfer =
        Fault.all().subList(Fault.REJECT.ordinal(), Fault.ENQUIRY_ERROR.ordinal()).stream()
            .anyMatch(fault -> rate(fault) > 0);
  }

  /** The set that {@code body} asks for, or the first mistake in it. */
  static FaultSet parse(byte[] body) throws MalformedRequest {
    Reading reading = new Reading();
    StrictJson.read(body, FIELDS, reading::field);
    return new FaultSet(reading.values, reading.slowAccount);
  }

  /** The chance of a fault, 0 when it is off. */
  double rate(Fault fault) {
    return values.getOrDefault(fault, 0).doubleValue();
  }

  /** Whether a switch is on. */
  boolean on(Fault fault) {
    return values.getOrDefault(fault, 0).intValue() != 0;
  }

  /** A delay in milliseconds. */
  long millis(Fault fault) {
    return values.getOrDefault(fault, fault == Fault.SLOW_MS ? DEFAULT_SLOW_MS : 0).longValue();
  }

  long seed() {
    return values.getOrDefault(Fault.SEED, DEFAULT_SEED).longValue();
  }

  /** Whether any fault looks at single transfers: the plain path asks nothing else. */
  boolean perTransfer() {
    return perTransfer;
  }

  /** Whether the fault hits the transfer or notification of that id. */
  boolean hits(Fault fault, String id) {
    double rate = rate(fault);
    return rate > 0 && chance(fault, id) < rate;
  }

  private double chance(Fault fault, String id) {
    long hash = seed() + GOLDEN * (fault.ordinal() + 1);
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * GOLDEN;
      hash ^= hash >>> 29;
    }
    return (hash >>> 11) * 0x1.0p-53;
  }

  /** Whether requests with a transfer to this account are to be answered slowly. */
  boolean slows(String account) {
    String slow = slowAccount;
    return slow != null && slow.equals(slow.length() == 4 ? Verdict.ending(account) : account);
  }

  /** Whether any account is to be answered slowly. */
  boolean slowsAny() {
    return slowAccount != null;
  }

  /** Writes the whole set, what is off included. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Fault fault : Fault.all()) {
      writeField(json, fault);
    }
    json.writeEndObject();
  }

  private void writeField(JsonGenerator json, Fault fault) throws IOException {
    switch (fault.kind()) {
      case RATE -> json.writeNumberField(fault.field(), rate(fault));
      case MILLIS, SLOW_MILLIS -> json.writeNumberField(fault.field(), millis(fault));
      case SWITCH -> json.writeBooleanField(fault.field(), on(fault));
      case SEED -> json.writeNumberField(fault.field(), seed());
      case ACCOUNT -> {
        if (slowAccount != null) {
          json.writeStringField(fault.field(), slowAccount);
        }
      }
    }
  }

  private static final class Reading {
    private final Map<Fault, Number> values = new EnumMap<>(Fault.class);
    private @Nullable String slowAccount;

    void field(StrictJson json, int field) throws IOException, MalformedRequest {
      Fault fault = Fault.all().get(field);
      switch (fault.kind()) {
        case RATE -> values.put(fault, json.rate());
        case MILLIS -> values.put(fault, json.integer(0, MAX_DELAY_MS));
        case SLOW_MILLIS -> values.put(fault, json.integer(0, MAX_SLOW_MS));
        case SWITCH -> values.put(fault, json.truth() ? 1 : 0);
        case SEED -> values.put(fault, json.integer(Long.MIN_VALUE, Long.MAX_VALUE));
        case ACCOUNT -> slowAccount = json.text(ACCOUNT);
      }
    }
  }
}
