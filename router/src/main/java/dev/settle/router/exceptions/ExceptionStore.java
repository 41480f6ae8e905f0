package dev.settle.router.exceptions;

import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;

/** Reads open exceptions: a page of them, or what an order would act on. */
public final class ExceptionStore {

  private static final String PREVIEW =
      """
      SELECT t.as_of, s.why, s.currency, count(s.credit_id) AS credits, sum(s.amount_minor)::bigint AS minor,
             min(s.opened_at) AS oldest
      FROM (SELECT coalesce($2, now()) AS as_of) t
      LEFT JOIN LATERAL exception_selected($1, t.as_of, $3, $4, $5, $6, $7, $8) s ON true
      GROUP BY t.as_of, s.why, s.currency ORDER BY s.why, s.currency
      """;

  private final Pool pool;

  public ExceptionStore(Pool pool) {
    this.pool = pool;
  }

  /** The answer of {@code GET /v1/exceptions}. */
  Future<JsonObject> page(PageQuery query) {
    PageSql sql = new PageSql(query);
    return pool.preparedQuery(sql.text()).execute(sql.parameters()).map(rows -> page(rows, query));
  }

  private static JsonObject page(RowSet<Row> rows, PageQuery query) {
    JsonArray exceptions = new JsonArray();
    Row last = null;
    for (Row row : rows) {
      if (exceptions.size() < query.limit()) {
        exceptions.add(ExceptionJson.of(row));
        last = row;
      }
    }
    // One more than asked for was read: whether there are more is known.
    String next =
        last == null || rows.size() <= query.limit()
            ? null
            : new Cursor(last.getOffsetDateTime("opened_at"), last.getLong("credit_id")).text();
    return new JsonObject().put("exceptions", exceptions).put("next", next);
  }

  /** The answer of {@code POST /v1/exceptions/preview}. */
  Future<JsonObject> preview(Selection selection) {
    Tuple parameters = Tuple.of(selection.action().name(), selection.asOf());
    return pool.preparedQuery(PREVIEW)
        .execute(selection.addTo(parameters))
        .map(rows -> preview(selection, rows));
  }

  private static JsonObject preview(Selection selection, RowSet<Row> rows) {
    Sums acted = new Sums();
    Map<String, Sums> skipped = new TreeMap<>();
    OffsetDateTime oldest = null;
    OffsetDateTime asOf = null;
    for (Row row : rows) {
      asOf = row.getOffsetDateTime("as_of");
      String why = row.getString("why");
      Sums sums = why == null ? acted : skipped.computeIfAbsent(why, one -> new Sums());
      sums.add(row.getString("currency"), row.getLong("credits"), row.getLong("minor"));
      OffsetDateTime since = row.getOffsetDateTime("oldest");
      if (why == null && since != null && (oldest == null || since.isBefore(oldest))) {
        oldest = since;
      }
    }
    JsonArray skips = new JsonArray();
    skipped.forEach((why, sums) -> skips.add(sums.addTo(new JsonObject().put("why", why))));
    return acted
        .addTo(new JsonObject().put("action", selection.action().name()))
        .put("skipped", skips)
        .put("oldestSince", Times.orNull(oldest))
        .put("asOf", Times.orNull(asOf));
  }
}
