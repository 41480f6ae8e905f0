package dev.settle.router.credit;

import dev.settle.router.binding.AccountId;
import dev.settle.router.platform.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.OffsetDateTime;

/** Tells what happened to a credit, fact by fact in the order of time, from its attempts. */
final class CreditHistory {

  private CreditHistory() {}

  /** The facts of attempts as {@link CreditStore} reads them, the first attempt first. */
  static JsonArray json(long creditId, RowSet<Row> attempts) {
    JsonArray history = new JsonArray();
    for (Row row : attempts) {
      addAttempt(history, creditId, row);
    }
    return history;
  }

  private static void addAttempt(JsonArray history, long creditId, Row row) {
    int attempt = row.getInteger("no");
    String kind = row.getString("kind");
    OffsetDateTime claimedAt = row.getOffsetDateTime("claimed_at");
    if (attempt == 1) {
      history.add(fact("RECORDED", row.getOffsetDateTime("recorded_at"), attempt));
    }
    // A credit that was held or re-routed left its batch in the claim itself: this attempt was
    // never sent.
    if (claimedAt != null && (kind == null || kind.equals("REJECTED"))) {
      history.add(
          fact("SENT", claimedAt, attempt)
              .put("rail", row.getString("rail"))
              .put("endToEndId", CreditId.endToEndId(creditId, attempt)));
    }
    if (kind != null) {
      addDeparture(history, kind, row, attempt);
    } else if (row.getString("state").equals(BatchState.POSTED.name())) {
      history.add(
          fact("POSTED", row.getOffsetDateTime("settled_at"), attempt)
              .put("endToEndId", CreditId.endToEndId(creditId, attempt)));
    }
  }

  private static void addDeparture(JsonArray history, String kind, Row row, int attempt) {
    String[] reasonsBefore = row.getArrayOfStrings("reasons");
    String first = reasonsBefore == null ? row.getString("reason") : reasonsBefore[0];
    history.add(
        fact(kind, row.getOffsetDateTime("opened_at"), attempt)
            .put("reason", first)
            .put("bankCode", row.getString("bank_code")));
    // The order of a release lies among the reasons.
    OffsetDateTime orderedAt = row.getOffsetDateTime("ordered_at");
    OffsetDateTime[] untils = row.getArrayOfOffsetDateTimes("untils");
    for (int i = 0; untils != null && reasonsBefore != null && i < untils.length; i++) {
      if (orderedAt != null && orderedAt.isBefore(untils[i])) {
        addOrder(history, row, attempt);
        orderedAt = null;
      }
      String next = i + 1 < reasonsBefore.length ? reasonsBefore[i + 1] : row.getString("reason");
      history.add(fact("REASON_CHANGED", untils[i], attempt).put("reason", next));
    }
    if (orderedAt != null) {
      addOrder(history, row, attempt);
    }
    if (row.getLong("to_account") != null && !kind.equals("REROUTED")) {
      history.add(
          fact("RELEASED", row.getOffsetDateTime("closed_at"), attempt)
              .put("cause", row.getString("cause"))
              .put("version", row.getInteger("to_version"))
              .put("accountId", AccountId.text(row.getLong("to_account"))));
    }
  }

  private static void addOrder(JsonArray history, Row row, int attempt) {
    history.add(
        fact("RELEASE_ORDERED", row.getOffsetDateTime("ordered_at"), attempt)
            .put("by", row.getString("ordered_by"))
            .put("note", row.getString("note")));
  }

  private static JsonObject fact(String fact, OffsetDateTime time, int attempt) {
    return new JsonObject().put("time", Times.text(time)).put("fact", fact).put("attempt", attempt);
  }
}
