package dev.settle.router.credit;

import dev.settle.router.binding.AccountId;
import dev.settle.router.explanation.NextAccount;
import dev.settle.router.platform.Times;
import dev.settle.router.transaction.TransactionKey;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** Reads credits, with what happened to each. */
public final class CreditStore {

  private static final String STANDING =
      """
      SELECT s.credit_id, s.merchant_id, s.terminal_id, s.acquirer_id, s.local_date, s.batch_no, s.stan, s.type, s.rrn,
             s.captured_at, s.amount_minor, s.currency, s.rail, s.account_id, s.binding_version, s.reason, s.since,
             s.posted_minor, s.status, a.bank, a.last4, a.holder,
             c.state AS next_state, c.effective_from AS next_from,
             (SELECT s.since + n.normal FROM rail_normal_time n WHERE n.rail = s.rail AND s.departure = 'PENDING') AS credit_by
      FROM credit_standing s LEFT JOIN account a USING (account_id)
      LEFT JOIN card_change c ON c.merchant_id = s.merchant_id AND c.open AND (c.terminal_id = s.terminal_id
        OR c.terminal_id = '' AND NOT EXISTS (
          SELECT FROM binding b WHERE b.merchant_id = s.merchant_id AND b.terminal_id = s.terminal_id
            AND upper_inf(b.effective)))
      WHERE s.credit_id = $1
      """;

  private static final String BY_KEY =
      """
      SELECT credit_id FROM credit
      WHERE merchant_id = $1 AND terminal_id = $2 AND local_date = $3 AND batch_no = $4 AND stan = $5 AND type = $6
        AND acquirer_id = $7
      """;

  // One row for each attempt and each departure from it: the batch it was in, and what the
  // departure
  // says. An attempt without a departure has one row.
  private static final String ATTEMPTS =
      """
      WITH attempt AS (
        SELECT 1 AS no, $1::bigint >> 12 AS batch_id, (SELECT account_id FROM credit WHERE credit_id = $1) AS account_id
        UNION ALL
        SELECT attempt + 1, to_batch, to_account FROM credit_exception WHERE credit_id = $1 AND to_batch IS NOT NULL
      )
      SELECT a.no, a.batch_id, a.account_id AS attempt_account, b.state, b.rail, b.one_per_account, b.recorded_at,
             b.claimed_at, b.settled_at,
             e.kind, e.reason, e.bank_code, e.amount_minor AS open_minor, e.opened_at, e.closed_at, e.closed_as,
             e.money_back_at, e.to_account, e.to_version,
             CASE WHEN e.release_ordered THEN 'RELEASE_ORDER' WHEN r.version > e.decided_version OR e.kind = 'HELD' THEN r.cause
                  ELSE 'RETRY' END AS cause,
             h.reasons, h.untils, o.ordered_by, o.note, o.ordered_at
      FROM attempt a JOIN credit_batch b USING (batch_id)
      LEFT JOIN credit_exception e ON e.credit_id = $1 AND e.attempt = a.no
      LEFT JOIN route_change r ON r.merchant_id = e.merchant_id AND r.version = e.to_version
      LEFT JOIN LATERAL (
        SELECT array_agg(reason ORDER BY until) AS reasons, array_agg(until ORDER BY until) AS untils
        FROM credit_hold_reason p WHERE p.credit_id = $1 AND p.exception_no = e.exception_no
      ) h ON true
      LEFT JOIN LATERAL (
        SELECT ordered_by, reason AS note, ordered_at FROM credit_release_order
        WHERE credit_id = $1 AND e.release_ordered ORDER BY order_id LIMIT 1
      ) o ON true
      ORDER BY a.no, e.exception_no
      """;

  private final Pool pool;

  public CreditStore(Pool pool) {
    this.pool = pool;
  }

  /** The credit as the API shows it, or null when there is none. */
  public Future<@Nullable JsonObject> find(long creditId) {
    return pool.preparedQuery(STANDING)
        .execute(Tuple.of(creditId))
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(null)
                    : pool.preparedQuery(ATTEMPTS)
                        .execute(Tuple.of(creditId))
                        .map(attempts -> json(rows.iterator().next(), attempts)));
  }

  /**
   * Orders that a credit be paid though its terminal is not registered for the merchant.
   *
   * @param by who orders it
   * @return whether it was held for that, or null when there is no such credit
   */
  public Future<@Nullable Boolean> orderRelease(long creditId, String by, String reason) {
    return pool.preparedQuery("SELECT order_release($1, $2, $3)")
        .execute(Tuple.of(creditId, by, reason))
        .map(
            rows -> {
              String outcome = rows.iterator().next().getString(0);
              return outcome == null ? null : outcome.equals("ORDERED");
            });
  }

  /** The credit of a transaction, or null when there is none. */
  public Future<@Nullable JsonObject> find(TransactionKey key) {
    return pool.preparedQuery(BY_KEY)
        .execute(
            Tuple.tuple()
                .addString(key.merchantId())
                .addString(key.terminalId())
                .addLocalDate(key.localDate())
                .addInteger(key.batchNo())
                .addInteger(key.stan())
                .addString(key.type().name())
                .addString(key.acquirerId()))
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(null)
                    : find(rows.iterator().next().getLong(0)));
  }

  private static JsonObject json(Row row, RowSet<Row> attempts) {
    long creditId = row.getLong("credit_id");
    String reason = row.getString("reason");
    return new JsonObject()
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
        .put("history", CreditHistory.json(creditId, attempts))
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

  private static JsonObject transaction(Row row) {
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
