package dev.settle.router.audit.check;

import io.vertx.core.json.JsonObject;

/**
 * Something that is not as it was recorded.
 *
 * @param seq the link; 0: there is none
 * @param eventId the event; 0: it is not known
 * @param what in words
 */
public record AuditFault(Kind kind, long seq, long eventId, String what) {

  /** What was done. */
  public enum Kind {
    EVENT_CHANGED,
    EVENT_REMOVED,
    EVENT_INSERTED,
    EVENTS_SWAPPED,
    LINK_CHANGED,
    LINK_REMOVED,
    TAIL_REMOVED,
    /** A node runs, and has not linked it. */
    NOT_LINKED,
    SEAL_MISSING,
    CREDIT_CHANGED,
    CREDIT_REMOVED,
    CREDIT_INSERTED,
    DEPARTURE_CHANGED,
    DEPARTURE_REMOVED,
    /** What was sealed of departures is not what the seal says. */
    DEPARTURE_SEAL_CHANGED
  }

  JsonObject json() {
    return new JsonObject()
        .put("kind", kind.name())
        .put("seq", seq == 0 ? null : seq)
        .put("eventId", eventId == 0 ? null : eventId)
        .put("what", what);
  }

  String text() {
    return kind
        + (seq == 0 ? "" : " at link " + seq)
        + (eventId == 0 ? "" : ", event " + eventId)
        + ": "
        + what;
  }
}
