package dev.settle.router.merchant;

import dev.settle.router.cardchange.ChangeId;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** Reads to which accounts a merchant's sales were to go, when. */
public final class BindingHistoryStore {

  private static final String BINDING =
      """
      SELECT b.terminal_id, b.version, lower(b.effective) AS since, upper(b.effective) AS until,
             a.account_id, a.bank, a.last4, a.holder, a.type, a.status, b.change_id
      FROM merchant m
      LEFT JOIN (binding b JOIN account a USING (merchant_id, account_id)) ON b.merchant_id = m.merchant_id
      """;

  // With ties: one version is never torn over two pages.
  private static final String HISTORY =
      BINDING
          + """
           AND ($2::text IS NULL OR b.terminal_id IN ('', $2)) AND ($3::integer IS NULL OR b.version < $3)
          WHERE m.merchant_id = $1
          ORDER BY b.version DESC FETCH FIRST $4 ROWS WITH TIES
          """;

  // A terminal's own goes before the merchant's default.
  private static final String IN_FORCE =
      BINDING
          + """
           AND ($2::text IS NULL OR b.terminal_id IN ('', $2)) AND b.effective @> $3::timestamptz
          WHERE m.merchant_id = $1
          ORDER BY CASE WHEN $2 IS NULL THEN '' ELSE b.terminal_id END DESC, b.version DESC
          LIMIT CASE WHEN $2 IS NULL THEN NULL ELSE 1 END
          """;

  private final Pool pool;

  public BindingHistoryStore(Pool pool) {
    this.pool = pool;
  }

  /** The answer of {@code GET …/bindings}, or null when nobody knows the merchant. */
  Future<@Nullable JsonObject> find(String merchantId, BindingQuery query) {
    return (query.asOf() == null ? history(merchantId, query) : inForce(merchantId, query))
        .map(rows -> rows.size() == 0 ? null : json(merchantId, query, rows));
  }

  private Future<RowSet<Row>> history(String merchantId, BindingQuery query) {
    return pool.preparedQuery(HISTORY)
        .execute(
            Tuple.of(merchantId, query.terminalId(), query.before(), (long) Limits.BINDING_PAGE));
  }

  private Future<RowSet<Row>> inForce(String merchantId, BindingQuery query) {
    return pool.preparedQuery(IN_FORCE)
        .execute(Tuple.of(merchantId, query.terminalId(), query.asOf()));
  }

  private static JsonObject json(String merchantId, BindingQuery query, RowSet<Row> rows) {
    JsonArray bindings = new JsonArray();
    Integer last = null;
    for (Row row : rows) {
      last = row.getInteger("version");
      if (last != null) {
        bindings.add(binding(row));
      }
    }
    boolean more = query.asOf() == null && rows.size() >= Limits.BINDING_PAGE;
    return new JsonObject()
        .put("merchantId", merchantId)
        .put("bindings", bindings)
        .put("nextBefore", more ? last : null);
  }

  private static JsonObject binding(Row row) {
    String terminalId = row.getString("terminal_id");
    Long change = row.getLong("change_id");
    return new JsonObject()
        .put("version", row.getInteger("version"))
        .put("terminalId", terminalId.isEmpty() ? null : terminalId)
        .put("account", MerchantStore.account(row))
        .put("accountStatus", row.getString("status"))
        .put("effectiveFrom", Times.text(row.getOffsetDateTime("since")))
        .put("effectiveTo", Times.orNull(row.getOffsetDateTime("until")))
        .put("cardChangeId", change == null ? null : ChangeId.text(change));
  }
}
