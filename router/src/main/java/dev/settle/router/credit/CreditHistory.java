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
    int last = 0;
    for (Row row : attempts) {
      int attempt = row.getInteger("no");
      if (attempt != last) {
        addAttempt(history, endToEndId(creditId, row), row, attempt);
      }
      if (row.getString("kind") != null) {
        addDeparture(history, endToEndId(creditId, row), row, attempt);
      }
      last = attempt;
    }
    return history;
  }

  private static String endToEndId(long creditId, Row row) {
    Long account = row.getLong("attempt_account");
    return account != null && row.getBoolean("one_per_account")
        ? new EndToEndId.OfAccount(row.getLong("batch_id"), account).text()
        : new EndToEndId.OfCredit(creditId, row.getInteger("no")).text();
  }

  private static void addAttempt(JsonArray history, String endToEndId, Row row, int attempt) {
    String kind = row.getString("kind");
    OffsetDateTime claimedAt = row.getOffsetDateTime("claimed_at");
    if (attempt == 1) {
      history.add(fact("RECORDED", row.getOffsetDateTime("recorded_at"), attempt));
    }
    // A credit that was held or re-routed left its batch in the claim itself: this attempt was
    // never sent.
    if (claimedAt == null || "HELD".equals(kind) || "REROUTED".equals(kind)) {
      return;
    }
    history.add(
        fact("SENT", claimedAt, attempt)
            .put("rail", row.getString("rail"))
            .put("endToEndId", endToEndId));
    OffsetDateTime settledAt = row.getOffsetDateTime("settled_at");
    // What came back, or turned out to be a part, after the batch was settled, was posted with it.
    boolean settledBefore =
        settledAt != null
            && (kind == null
                || (kind.equals("RETURNED") || kind.equals("PARTIAL"))
                    && settledAt.isBefore(row.getOffsetDateTime("opened_at")));
    if (settledBefore) {
      history.add(fact("POSTED", settledAt, attempt).put("endToEndId", endToEndId));
    }
  }

  private static String nameOf(String kind) {
    return switch (kind) {
      case "DOUBT" -> "IN_DOUBT";
      case "PENDING" -> "ACCEPTED_BY_BANK";
      case "PARTIAL" -> "PARTLY_POSTED";
      default -> kind;
    };
  }

  private static void addDeparture(JsonArray history, String endToEndId, Row row, int attempt) {
    String kind = row.getString("kind");
    if (kind.equals("CONFIRMED")) {
      history.add(
          fact("POSTED", row.getOffsetDateTime("closed_at"), attempt)
              .put("endToEndId", endToEndId));
      return;
    }
    String[] reasonsBefore = row.getArrayOfStrings("reasons");
    String first = reasonsBefore == null ? row.getString("reason") : reasonsBefore[0];
    history.add(
        fact(nameOf(kind), row.getOffsetDateTime("opened_at"), attempt)
            .put("reason", first)
            .put("bankCode", row.getString("bank_code"))
            .put("unpostedMinor", row.getLong("open_minor")));
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
    if (row.getOffsetDateTime("money_back_at") != null) {
      history.add(fact("MONEY_BACK", row.getOffsetDateTime("money_back_at"), attempt));
    }
    if ("POSTED".equals(row.getString("closed_as"))) {
      history.add(
          fact("POSTED", row.getOffsetDateTime("closed_at"), attempt)
              .put("endToEndId", endToEndId));
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
