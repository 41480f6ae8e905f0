package dev.settle.router.exceptions;

import dev.settle.router.binding.AccountId;
import dev.settle.router.credit.CreditId;
import dev.settle.router.credit.Explained;
import dev.settle.router.explanation.NextAccount;
import dev.settle.router.platform.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders an exception by the columns of {@link PageSql}. */
final class ExceptionJson {

  private ExceptionJson() {}

  static JsonObject of(Row row) {
    JsonObject explanation =
        Explained.json(
            row.getString("reason"),
            row.getOffsetDateTime("opened_at"),
            NextAccount.of(row.getString("next_state"), row.getOffsetDateTime("next_from")),
            row.getOffsetDateTime("credit_by"));
    return new JsonObject()
        .put("creditId", CreditId.text(row.getLong("credit_id")))
        .put("merchantId", row.getString("merchant_id"))
        .put("amountMinor", row.getLong("amount_minor"))
        .put("currency", row.getString("currency"))
        .put("reason", row.getString("reason"))
        .put("kind", row.getString("kind"))
        .put("since", Times.text(row.getOffsetDateTime("opened_at")))
        .put("rail", row.getString("rail"))
        .put("account", account(row))
        .put("whoActs", explanation.getString("whoActs"))
        .put("retryUseful", explanation.getBoolean("retryUseful"))
        .put("assignee", row.getString("assignee"))
        .put("explanation", explanation)
        .put("actions", new JsonArray(List.of((Object[]) row.getArrayOfStrings("actions"))));
  }

  private static @Nullable JsonObject account(Row row) {
    Long accountId = row.getLong("account_id");
    return accountId == null
        ? null
        : new JsonObject()
            .put("accountId", AccountId.text(accountId))
            .put("bank", row.getString("bank"))
            .put("last4", row.getString("last4"))
            .put("holder", row.getString("holder"));
  }
}
