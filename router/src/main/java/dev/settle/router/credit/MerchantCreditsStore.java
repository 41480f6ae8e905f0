package dev.settle.router.credit;

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

/** Lists a merchant's credits, page by page, the newest date first. */
final class MerchantCreditsStore {

  private final Pool pool;

  MerchantCreditsStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * The answer of {@code GET …/credits}; null when nobody knows the merchant and nothing was sold
   * in its name. Costs a few index look-ups for each of the merchant's terminals, up to {@link
   * Limits#CREDIT_TERMINALS}, and for each credit of the page.
   */
  Future<@Nullable JsonObject> find(String merchantId, MerchantCreditsQuery query) {
    return page(merchantId, query).map(rows -> json(merchantId, query, rows));
  }

  private Future<RowSet<Row>> page(String merchantId, MerchantCreditsQuery query) {
    Tuple what = Tuple.of(merchantId, query.limit());
    if (query.terminalId() == null) {
      what.addInteger(Limits.CREDIT_TERMINALS);
    } else {
      what.addString(query.terminalId());
    }
    boolean ofTerminal = query.terminalId() != null;
    Long after = query.after();
    if (after == null) {
      return pool.preparedQuery(
              ofTerminal ? MerchantCreditsSql.FIRST_OF_TERMINAL : MerchantCreditsSql.FIRST)
          .execute(what);
    }
    return pool.preparedQuery(MerchantCreditsSql.PLACE)
        .execute(Tuple.of(after, merchantId))
        .compose(
            place ->
                pool.preparedQuery(
                        ofTerminal ? MerchantCreditsSql.NEXT_OF_TERMINAL : MerchantCreditsSql.NEXT)
                    .execute(behind(what, place)));
  }

  private static Tuple behind(Tuple what, RowSet<Row> place) {
    if (place.size() == 0) {
      throw MerchantCreditsQuery.badCursor();
    }
    Row row = place.iterator().next();
    return what.addLocalDate(row.getLocalDate("local_date"))
        .addInteger(row.getInteger("batch_no"))
        .addInteger(row.getInteger("stan"))
        .addString(row.getString("terminal_id"))
        .addString(row.getString("type"))
        .addString(row.getString("acquirer_id"));
  }

  private static @Nullable JsonObject json(
      String merchantId, MerchantCreditsQuery query, RowSet<Row> rows) {
    JsonArray credits = new JsonArray();
    String last = null;
    for (Row row : rows) {
      if (row.getLong("credit_id") != null) {
        last = CreditId.text(row.getLong("credit_id"));
        credits.add(credit(row, last));
      }
    }
    Row any = rows.iterator().next();
    if (last == null && !any.getBoolean("known")) {
      return null;
    }
    return new JsonObject()
        .put("merchantId", merchantId)
        .put("credits", credits)
        .put("complete", any.getBoolean("complete"))
        .put("next", credits.size() == query.limit() ? last : null);
  }

  private static JsonObject credit(Row row, String creditId) {
    return new JsonObject()
        .put("creditId", creditId)
        .put("status", row.getString("status"))
        .put("reason", row.getString("reason"))
        .put("since", Times.orNull(row.getOffsetDateTime("since")))
        .put("transaction", CreditStore.transaction(row))
        .put("amountMinor", row.getLong("amount_minor"))
        .put("currency", row.getString("currency"))
        .put("postedMinor", row.getLong("posted_minor"))
        .put("rail", row.getString("rail"))
        .put("bindingVersion", row.getInteger("binding_version"))
        .put("account", CreditStore.account(row));
  }
}
