package dev.settle.router.credit;

import dev.settle.router.binding.AccountId;
import dev.settle.router.explanation.NextAccount;
import dev.settle.router.platform.Caller;
import dev.settle.router.platform.Times;
import dev.settle.router.transaction.TransactionKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** Reads credits, with what happened to each. */
public final class CreditStore {

  private final Pool pool;

  public CreditStore(Pool pool) {
    this.pool = pool;
  }

  /** The credit as the API shows it, or null when there is none. */
  public Future<@Nullable JsonObject> find(long creditId) {
    return find(creditId, CreditSql.STANDING, CreditSql.ATTEMPTS)
        .compose(
            hot ->
                hot == null
                    ? find(creditId, CreditSql.ARCHIVED, CreditSql.ARCHIVED_ATTEMPTS)
                    : Future.succeededFuture(hot));
  }

  private Future<@Nullable JsonObject> find(long creditId, String standing, String attempts) {
    return pool.preparedQuery(standing)
        .execute(Tuple.of(creditId))
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(null)
                    : history(creditId, attempts).map(made -> json(rows.iterator().next(), made)));
  }

  private Future<JsonArray> history(long creditId, String attempts) {
    return pool.preparedQuery(attempts)
        .execute(Tuple.of(creditId))
        .compose(
            made ->
                pool.preparedQuery(CreditSql.ACTS)
                    .execute(Tuple.of(creditId))
                    .map(acts -> new CreditHistory(creditId, acts).json(made)));
  }

  /**
   * Orders that a credit be paid though its terminal is not registered for the merchant.
   *
   * @param by who orders it
   * @return whether it was held for that, or null when there is no such credit
   */
  public Future<@Nullable Boolean> orderRelease(long creditId, String by, String reason) {
    return pool.preparedQuery(
            "SELECT order_release($1, c.who, $3) FROM called_by($2, $4, $5) AS c(who)")
        .execute(Caller.addTo(Tuple.of(creditId, by, reason)))
        .map(
            rows -> {
              String outcome = rows.iterator().next().getString(0);
              return outcome == null ? null : outcome.equals("ORDERED");
            });
  }

  /** The credit of a transaction, or null when there is none. */
  public Future<@Nullable JsonObject> find(TransactionKey key) {
    Tuple parameters =
        Tuple.tuple()
            .addString(key.merchantId())
            .addString(key.terminalId())
            .addLocalDate(key.localDate())
            .addInteger(key.batchNo())
            .addInteger(key.stan())
            .addString(key.type().name())
            .addString(key.acquirerId());
    return pool.preparedQuery(CreditSql.BY_KEY)
        .execute(parameters)
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(null)
                    : find(rows.iterator().next().getLong(0)));
  }

  private static JsonObject json(Row row, JsonArray history) {
    long creditId = row.getLong("credit_id");
    String reason = row.getString("reason");
    JsonObject credit = new JsonObject();
    if (row.getBoolean("archived")) {
      credit.put("archived", true);
    }
    return credit
        .put("creditId", CreditId.text(creditId))
        .put("status", row.getString("status"))
        .put("reason", reason)
        .put("transaction", transaction(row))
        .put("amountMinor", row.getLong("amount_minor"))
        .put("currency", row.getString("currency"))
        .put("postedMinor", row.getLong("posted_minor"))
        .put("rail", row.getString("rail"))
        .put("bindingVersion", row.getInteger("binding_version"))
        .put("account", account(row))
        .put("history", history)
        .put(
            "explanation",
            reason == null
                ? null
                : Explained.json(
                    reason,
                    row.getOffsetDateTime("since"),
                    NextAccount.of(row.getString("next_state"), row.getOffsetDateTime("next_from")),
                    row.getOffsetDateTime("credit_by")));
  }

  static JsonObject transaction(Row row) {
    return new JsonObject()
        .put("acquirerId", row.getString("acquirer_id"))
        .put("merchantId", row.getString("merchant_id"))
        .put("terminalId", row.getString("terminal_id"))
        .put("batchNo", String.format("%06d", row.getInteger("batch_no")))
        .put("stan", String.format("%06d", row.getInteger("stan")))
        .put("rrn", row.getString("rrn"))
        .put("localDate", row.getLocalDate("local_date").toString())
        .put("type", row.getString("type"))
        .put("capturedAt", Times.text(row.getOffsetDateTime("captured_at")));
  }

  static @Nullable JsonObject account(Row row) {
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
