package dev.settle.sandbox.bank;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what the client is notified of: what the answer to its request did not tell whole, and
 * everything when that is asked for. Nothing as long as there is nobody to notify.
 */
final class Notices {
  /** How long a confirmation that must come last is held back behind the return. */
  private static final long AFTER_RETURN_MS = 500;

  private static final String BOOKED = "BOOK";
  private static final String PENDING = "PDNG";

  private final FaultBoard faults;
  private final BooleanSupplier wanted;

  /** Notices for somebody who is there as long as {@code wanted} says so. */
  Notices(FaultBoard faults, BooleanSupplier wanted) {
    this.faults = faults;
    this.wanted = wanted;
  }

  /** Whether a request's ordinary transfers need to be looked at. */
  boolean wantsAll() {
    return faults.notifiesAll() && wanted.getAsBoolean();
  }

  /** A transfer was decided for the first time. */
  void decided(Transfer transfer, Decision decision, String at, List<Notice> out) {
    if (!wanted.getAsBoolean()) {
      return;
    }
    String id = transfer.endToEndId();
    if (decision.verdict() == Verdict.AC15) {
      add(out, id, "account-changed", 0, json -> writeChanged(json, transfer, at));
    }
    Course course = decision.course();
    if (course != null && course.partial()) {
      money(out, id, "partial", BOOKED, 0, new Money(course.bookedMinor(), decision, at, null));
    } else if (faults.notifiesAll()) {
      decidedWhole(id, decision, at, out);
    }
  }

  private void decidedWhole(String id, Decision decision, String at, List<Notice> out) {
    Verdict verdict = decision.verdict();
    Course course = decision.course();
    if (!verdict.booked()) {
      Money asked = new Money(decision.amountMinor(), decision, at, verdict);
      money(out, id, "rejected", BOOKED, 0, asked);
    } else if (course == null || (course.credited() && !course.confirmLast())) {
      money(out, id, "posted", BOOKED, 0, new Money(decision.amountMinor(), decision, at, null));
    }
  }

  /** A transfer was credited that had only been accepted. */
  void credited(String id, Decision decision, Course course, String at, List<Notice> out) {
    if (wanted.getAsBoolean() && !course.confirmLast()) {
      money(out, id, "posted", BOOKED, 0, new Money(course.bookedMinor(), decision, at, null));
    }
  }

  /** A return is on its way. */
  void announced(String id, Decision decision, Course course, String at, List<Notice> out) {
    if (wanted.getAsBoolean()) {
      money(out, id, "returned", PENDING, 0, back(decision, course, at));
    }
  }

  /** A return is booked. */
  void returned(String id, Decision decision, Course course, String at, List<Notice> out) {
    if (!wanted.getAsBoolean()) {
      return;
    }
    money(out, id, "returned", BOOKED, 0, back(decision, course, at));
    if (course.confirmLast()) {
      faults.count(Fault.RETURN_BEFORE_CONFIRMATION);
      Money confirmed = new Money(course.bookedMinor(), decision, at, null);
      money(out, id, "posted", BOOKED, AFTER_RETURN_MS, confirmed);
    }
  }

  private static Money back(Decision decision, Course course, String at) {
    return new Money(course.bookedMinor(), decision, at, course.returnReason());
  }

  private void money(
      List<Notice> out, String id, String type, String entryStatus, long delayMs, Money money) {
    add(
        out,
        id,
        type + entryStatus,
        delayMs,
        json -> writeMoney(json, type, id, entryStatus, money));
    String made = "UNKNOWN-" + NoticeIds.of(type + entryStatus, id);
    if (faults.fires(Fault.UNKNOWN_NOTIFICATION, made)) {
      add(
          out,
          made,
          type + entryStatus,
          delayMs,
          json -> writeMoney(json, type, made, entryStatus, money));
    }
  }

  private void add(
      List<Notice> out, String endToEndId, String what, long delayMs, Answers.JsonBody body) {
    String id = NoticeIds.of(what, endToEndId);
    if (!faults.fires(Fault.DROP_NOTIFICATION, id)) {
      out.add(new Notice(id, Answers.bytes(body).toString(StandardCharsets.UTF_8), delayMs));
    }
  }

  private static void writeMoney(
      JsonGenerator json, String type, String endToEndId, String entryStatus, Money money)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", type);
    json.writeStringField("occurredAt", money.at());
    json.writeStringField("endToEndId", endToEndId);
    json.writeNumberField("amountMinor", money.amountMinor());
    json.writeStringField("currency", money.decision().currency());
    json.writeStringField("entryStatus", entryStatus);
    if (money.reason() != null) {
      json.writeStringField("reason", money.reason().name());
    }
    json.writeEndObject();
  }

  private static void writeChanged(JsonGenerator json, Transfer transfer, String at)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "account-changed");
    json.writeStringField("occurredAt", at);
    json.writeStringField("endToEndId", transfer.endToEndId());
    json.writeObjectFieldStart("account");
    json.writeStringField("number", ChangedAccount.of(transfer.account()));
    json.writeStringField("bank", transfer.bank());
    json.writeStringField("holder", transfer.holder());
    json.writeEndObject();
    json.writeEndObject();
  }

  /** What a notification says about money. */
  private record Money(long amountMinor, Decision decision, String at, @Nullable Verdict reason) {}
}
