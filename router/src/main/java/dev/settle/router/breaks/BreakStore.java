package dev.settle.router.breaks;

import dev.settle.router.credit.CreditId;
import dev.settle.router.platform.Caller;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and closes breaks. */
public final class BreakStore {

  private static final String COLUMNS =
      """
      SELECT b.break_id, b.rail, b.kind, b.end_to_end_id, b.credit_id, b.attempt, b.amount_minor, b.currency, b.detail,
             b.owner, b.source, b.opened_at, b.closed_at, b.closed_by, b.closed_note
      FROM settlement_break b
      """;

  private static final String PAGE =
      COLUMNS
          + """
      WHERE ($1::text IS NULL OR b.rail = $1) AND ($2::text IS NULL OR b.kind = $2)
        AND ($3::boolean IS NULL OR (b.closed_at IS NULL) = $3) AND ($4::bigint IS NULL OR b.break_id < $4)
      ORDER BY b.break_id DESC LIMIT $5
      """;

  private static final String OPEN =
      "SELECT rail, kind, count(*) FROM settlement_break WHERE closed_at IS NULL GROUP BY rail, kind";

  private final Pool pool;

  public BreakStore(Pool pool) {
    this.pool = pool;
  }

  /** Open breaks of a rail and kind. */
  public record OpenCount(String rail, String kind, long breaks) {}

  /** How many are open, by rail and kind: one walk over the index of open ones. */
  public Future<List<OpenCount>> open() {
    return pool.preparedQuery(OPEN)
        .execute()
        .map(
            rows -> {
              List<OpenCount> counts = new ArrayList<>();
              rows.forEach(
                  row ->
                      counts.add(
                          new OpenCount(row.getString(0), row.getString(1), row.getLong(2))));
              return counts;
            });
  }

  /** The answer of {@code GET /v1/breaks}. */
  Future<JsonObject> page(BreakQuery query) {
    return pool.preparedQuery(PAGE)
        .execute(
            Tuple.of(
                query.rail(), query.kind(), query.open(), query.before(), (long) Limits.BREAK_PAGE))
        .map(BreakStore::json);
  }

  private static JsonObject json(RowSet<Row> rows) {
    JsonArray breaks = new JsonArray();
    String last = null;
    for (Row row : rows) {
      breaks.add(json(row));
      last = BreakId.text(row.getLong("break_id"));
    }
    return new JsonObject()
        .put("breaks", breaks)
        .put("nextBefore", rows.size() < Limits.BREAK_PAGE ? null : last);
  }

  /** A break as the API shows it, or null when there is none. */
  Future<@Nullable JsonObject> find(long breakId) {
    return pool.preparedQuery(COLUMNS + "WHERE b.break_id = $1")
        .execute(Tuple.of(breakId))
        .map(rows -> rows.size() == 0 ? null : json(rows.iterator().next()));
  }

  /** What close_break says: CLOSED, REPLAYED, OTHERWISE, or null. */
  Future<@Nullable String> close(long breakId, String by, String note) {
    return pool.preparedQuery(
            "SELECT close_break($1, c.who, $3) FROM called_by($2, $4, $5) AS c(who)")
        .execute(Caller.addTo(Tuple.of(breakId, by, note)))
        .map(rows -> rows.iterator().next().getString(0));
  }

  private static JsonObject json(Row row) {
    Long credit = row.getLong("credit_id");
    return new JsonObject()
        .put("breakId", BreakId.text(row.getLong("break_id")))
        .put("rail", row.getString("rail"))
        .put("kind", row.getString("kind"))
        .put("endToEndId", row.getString("end_to_end_id"))
        .put("creditId", credit == null ? null : CreditId.text(credit))
        .put("attempt", row.getInteger("attempt"))
        .put("amountMinor", row.getLong("amount_minor"))
        .put("currency", row.getString("currency"))
        .put("detail", row.getString("detail"))
        .put("owner", row.getString("owner"))
        .put("source", row.getString("source"))
        .put("openedAt", Times.text(row.getOffsetDateTime("opened_at")))
        .put("closedAt", Times.orNull(row.getOffsetDateTime("closed_at")))
        .put("closedBy", row.getString("closed_by"))
        .put("closedNote", row.getString("closed_note"));
  }
}
