package dev.settle.router.webhook;

import dev.settle.router.binding.AccountId;
import dev.settle.router.cardchange.ChangeId;
import dev.settle.router.credit.CreditId;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Times;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event as receivers are sent it. Its id follows from what happened alone: told twice, it has
 * the same.
 */
final class EventJson {

  private EventJson() {}

  static JsonObject of(Row row) {
    EventKind kind =
        Objects.requireNonNull(EventKind.parse(row.getString("kind")), "a kind of event");
    JsonObject event =
        new JsonObject()
            .put("eventId", id(row, kind))
            .put("no", row.getLong("event_no"))
            .put("type", kind.text())
            .put("at", Times.text(row.getOffsetDateTime("at")));
    return switch (kind) {
      case TEST -> event;
      case CARD_CHANGE_EFFECTIVE -> change(event, row);
      default -> credit(event, row, kind);
    };
  }

  private static String id(Row row, EventKind kind) {
    return switch (kind) {
      case TEST ->
          "evt_T" + WebhookId.text(row.getLong("webhook_id")) + "-" + row.getLong("event_no");
      case CARD_CHANGE_EFFECTIVE -> "evt_E" + ChangeId.text(row.getLong("change_id"));
      default -> {
        Integer departure = row.getInteger("exception_no");
        yield "evt_"
            + (kind == EventKind.CREDIT_POSTED ? "P" : "D")
            + CreditId.text(row.getLong("credit_id"))
            + (departure == null ? "-" + row.getInteger("attempt") : "-x" + departure);
      }
    };
  }

  private static JsonObject credit(JsonObject event, Row row, EventKind kind) {
    event
        .put("merchantId", row.getString("merchant_id"))
        .put("creditId", CreditId.text(row.getLong("credit_id")))
        .put("amountMinor", row.getLong("amount_minor"))
        .put("currency", row.getString("currency"))
        .put(kind.amount(), row.getLong("minor"));
    Long account = row.getLong("account_id");
    if (account != null) {
      event.put("accountId", AccountId.text(account));
    }
    String reason = row.getString("reason");
    if (reason != null) {
      event.put("reason", reason).put("explanation", explanation(reason));
    }
    return event.put(
        "transaction",
        new JsonObject()
            .put("acquirerId", row.getString("acquirer_id"))
            .put("terminalId", row.getString("terminal_id"))
            .put("batchNo", sixDigits(row.getInteger("batch_no")))
            .put("stan", sixDigits(row.getInteger("stan")))
            .put("localDate", row.getLocalDate("local_date").toString())
            .put("type", row.getString("type"))
            .put("rrn", row.getString("rrn")));
  }

  private static String sixDigits(int number) {
    return String.format(Locale.ROOT, "%06d", number);
  }

  private static @Nullable JsonObject explanation(String name) {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.name().equals(name))
        .findFirst()
        .map(
            reason ->
                new JsonObject()
                    .put("en", reason.english())
                    .put("zh", reason.chinese())
                    .put("whoActs", reason.whoActs().name()))
        .orElse(null);
  }

  private static JsonObject change(JsonObject event, Row row) {
    event
        .put("merchantId", row.getString("merchant_id"))
        .put("cardChangeId", ChangeId.text(row.getLong("change_id")))
        .put("version", row.getInteger("version"))
        .put("reason", row.getString("reason"))
        .put(
            "account",
            new JsonObject()
                .put("accountId", AccountId.text(row.getLong("account_id")))
                .put("last4", row.getString("last4")));
    String terminal = row.getString("terminal_id");
    return terminal == null ? event : event.put("terminalId", terminal);
  }
}
