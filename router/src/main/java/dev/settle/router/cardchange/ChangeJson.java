package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountId;
import dev.settle.router.platform.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Card changes as the API shows them: never with the account's number. */
final class ChangeJson {

  private ChangeJson() {}

  /** Without history and documents, for lists. */
  static JsonObject head(Row row) {
    String terminalId = row.getString("terminal_id");
    return new JsonObject()
        .put("cardChangeId", ChangeId.text(row.getLong("change_id")))
        .put("merchantId", row.getString("merchant_id"))
        .put("terminalId", terminalId.isEmpty() ? null : terminalId)
        .put("state", row.getString("state"))
        .put("reason", row.getString("reason"))
        .put("account", account(row))
        .put("maker", row.getString("maker"))
        .put("checker", row.getString("checker"))
        .put("verification", verification(row))
        .put("submittedAt", Times.text(row.getOffsetDateTime("submitted_at")))
        .put("expiresAt", Times.text(row.getOffsetDateTime("expires_at")))
        .put("effectiveFrom", Times.orNull(row.getOffsetDateTime("effective_from")))
        .put("effectiveAt", Times.orNull(row.getOffsetDateTime("effective_at")))
        .put("version", row.getInteger("version"));
  }

  static JsonObject whole(Row row) {
    return head(row).put("documents", documents(row)).put("history", history(row));
  }

  private static JsonObject account(Row row) {
    return new JsonObject()
        .put("accountId", AccountId.text(row.getLong("account_id")))
        .put("bank", row.getString("bank"))
        .put("last4", row.getString("last4"))
        .put("holder", row.getString("holder"))
        .put("type", row.getString("type"))
        .put("branch", row.getString("branch"));
  }

  private static JsonObject verification(Row row) {
    JsonObject json =
        new JsonObject()
            .put("nameMatch", row.getString("name_match"))
            .put("testCredit", testCredit(row))
            .put("attempts", row.getInteger("attempts"));
    String lastError = row.getString("last_error");
    return lastError == null ? json : json.put("lastError", lastError);
  }

  private static @Nullable JsonObject testCredit(Row row) {
    String status = row.getString("test_credit");
    return status == null
        ? null
        : new JsonObject()
            .put("endToEndId", row.getString("test_credit_id"))
            .put("status", status)
            .put("reason", row.getString("test_credit_reason"));
  }

  private static JsonArray documents(Row row) {
    JsonArray documents = new JsonArray();
    String[] kinds = row.getArrayOfStrings("kinds");
    for (int i = 0; kinds != null && i < kinds.length; i++) {
      documents.add(
          new JsonObject().put("kind", kinds[i]).put("ref", row.getArrayOfStrings("refs")[i]));
    }
    return documents;
  }

  private static JsonArray history(Row row) {
    OffsetDateTime[] times = row.getArrayOfOffsetDateTimes("times");
    String[] froms = row.getArrayOfStrings("froms");
    String[] tos = row.getArrayOfStrings("tos");
    String[] bys = row.getArrayOfStrings("bys");
    String[] details = row.getArrayOfStrings("details");
    JsonArray history = new JsonArray();
    for (int i = 0; i < times.length; i++) {
      history.add(
          new JsonObject()
              .put("time", Times.text(times[i]))
              .put("from", froms[i].equals("START") ? null : froms[i])
              .put("to", tos[i])
              .put("by", bys[i])
              .put("detail", details[i]));
    }
    return history;
  }
}
