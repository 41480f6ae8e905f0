package dev.settle.router.credit;

import dev.settle.router.binding.AccountId;
import dev.settle.router.platform.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells what happened to a credit, fact by fact in the order of time, from its attempts and from
 * what operators ordered.
 */
final class CreditHistory {

  private final long creditId;

  /** What operators ordered, by the number of the departure that it was about. */
  private final Map<Integer, List<Row>> acts = new HashMap<>();

  CreditHistory(long creditId, RowSet<Row> acts) {
    this.creditId = creditId;
    for (Row act : acts) {
      this.acts.computeIfAbsent(act.getInteger("exception_no"), no -> new ArrayList<>()).add(act);
    }
  }

  /** The facts of attempts as {@link CreditStore} reads them, the first attempt first. */
  JsonArray json(RowSet<Row> attempts) {
    JsonArray history = new JsonArray();
    int last = 0;
    for (Row row : attempts) {
      int attempt = row.getInteger("no");
      if (attempt != last) {
        addAttempt(history, endToEndId(row), row, attempt);
      }
      if (row.getString("kind") != null) {
        addDeparture(history, endToEndId(row), row, attempt);
      }
      last = attempt;
    }
    return history;
  }

  private String endToEndId(Row row) {
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

  private void addDeparture(JsonArray history, String endToEndId, Row row, int attempt) {
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
    between(row, reasonsBefore, attempt).forEach(moment -> history.add(moment.fact()));
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

  /** A fact with its time, to be put in order. */
  private record Moment(OffsetDateTime time, JsonObject fact) {}

  /** What happened while the departure was open: orders and other reasons, in order of time. */
  private List<Moment> between(Row row, String @Nullable [] reasonsBefore, int attempt) {
    List<Moment> moments = new ArrayList<>();
    OffsetDateTime orderedAt = row.getOffsetDateTime("ordered_at");
    if (orderedAt != null) {
      moments.add(
          new Moment(
              orderedAt,
              fact("RELEASE_ORDERED", orderedAt, attempt)
                  .put("by", row.getString("ordered_by"))
                  .put("note", row.getString("note"))));
    }
    for (Row act : acts.getOrDefault(row.getInteger("exception_no"), List.of())) {
      moments.add(new Moment(act.getOffsetDateTime("acted_at"), act(act, attempt)));
    }
    OffsetDateTime[] untils = row.getArrayOfOffsetDateTimes("untils");
    for (int i = 0; untils != null && reasonsBefore != null && i < untils.length; i++) {
      String next = i + 1 < reasonsBefore.length ? reasonsBefore[i + 1] : row.getString("reason");
      moments.add(
          new Moment(untils[i], fact("REASON_CHANGED", untils[i], attempt).put("reason", next)));
    }
    moments.sort(Comparator.comparing(Moment::time));
    return moments;
  }

  private static JsonObject act(Row act, int attempt) {
    String action = act.getString("action");
    String name = action.equals("HAND_OVER") ? "HANDED_OVER" : action + "_ORDERED";
    JsonObject fact =
        fact(name, act.getOffsetDateTime("acted_at"), attempt)
            .put("by", act.getString("ordered_by"))
            .put("note", act.getString("note"))
            .put("orderId", act.getUUID("order_id").toString())
            .put("outcome", act.getString("outcome"));
    return act.getString("assignee") == null
        ? fact
        : fact.put("assignee", act.getString("assignee"));
  }

  private static JsonObject fact(String fact, OffsetDateTime time, int attempt) {
    return new JsonObject().put("time", Times.text(time)).put("fact", fact).put("attempt", attempt);
  }
}
