package dev.settle.router.audit.check;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a check of the audit found. Belongs to one thread. */
public final class AuditReport {

  /** Faults that are kept; all are counted. */
  private static final int KEPT = 20;

  private final List<AuditFault> faults = new ArrayList<>();
  private long faultCount;
  private long lateCount;
  long events;
  long waiting;
  long seals;
  long sealedCredits;
  long takenOut;
  long sealedDepartures;
  @Nullable AuditHead head;

  AuditReport() {}

  void fault(AuditFault.Kind kind, long seq, long eventId, String what) {
    faultCount++;
    if (kind == AuditFault.Kind.NOT_LINKED) {
      lateCount++;
    }
    if (faults.size() < KEPT) {
      faults.add(new AuditFault(kind, seq, eventId, what));
    }
  }

  /** Whether all is as it was recorded, and linked in time. */
  public boolean isGood() {
    return faultCount == 0;
  }

  /** The first of them, in the order of the chain: events before the seals of the book. */
  public List<AuditFault> faults() {
    return List.copyOf(faults);
  }

  /** Events in the chain. */
  public long events() {
    return events;
  }

  /** Credits that are covered by seals. */
  public long sealedCredits() {
    return sealedCredits;
  }

  /** Departures that are covered by seals. */
  public long sealedDepartures() {
    return sealedDepartures;
  }

  public JsonObject json() {
    JsonArray found = new JsonArray();
    faults.forEach(fault -> found.add(fault.json()));
    return new JsonObject()
        .put("good", isGood())
        .put("events", events)
        .put("waiting", waiting)
        .put("notLinked", lateCount)
        .put("seals", seals)
        .put("sealedCredits", sealedCredits)
        .put("sealedDepartures", sealedDepartures)
        .put("takenOutCredits", takenOut)
        .put("head", head == null ? null : head.toString())
        .put("faultCount", faultCount)
        .put("faults", found);
  }

  /** For a person. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(String.format("%,d events are linked, %,d wait to be%n", events, waiting));
    text.append(
        String.format(
            "%,d seals cover %,d credits and %,d departures%n",
            seals, sealedCredits, sealedDepartures));
    if (takenOut > 0) {
      text.append(
          String.format(
              "%,d sealed credits are not here: their months were taken out%n", takenOut));
    }
    text.append("head: ").append(head == null ? "none" : head).append('\n');
    faults.forEach(fault -> text.append(fault.text()).append('\n'));
    if (faultCount > faults.size()) {
      text.append(String.format("… and %,d more%n", faultCount - faults.size()));
    }
    text.append(verdict()).append('\n');
    return text.toString();
  }

  private String verdict() {
    if (faultCount > lateCount) {
      return "THE RECORD WAS CHANGED";
    }
    return lateCount == 0
        ? "nothing was changed"
        : String.format(
            "not linked yet: %,d events. What is linked was not changed; run it again when the nodes"
                + " have caught up",
            lateCount);
  }
}
