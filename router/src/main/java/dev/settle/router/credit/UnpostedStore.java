package dev.settle.router.credit;

import dev.settle.router.credit.UnpostedTotals.Line;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what is unposted, from open batches and open departures alone: its cost does not grow with
 * history.
 */
public final class UnpostedStore {

  private static final String TOTALS =
      """
      SELECT now() AS taken_at, currency, reason, rail,
             CASE WHEN since > now() - interval '1 minute' THEN '<1m'
                  WHEN since > now() - interval '1 hour' THEN '<1h'
                  WHEN since > now() - interval '1 day' THEN '<1d'
                  ELSE '>=1d' END AS age,
             sum(credits)::bigint AS credits, sum(amount_minor)::bigint AS amount_minor, min(since) AS oldest
      FROM unposted GROUP BY currency, reason, rail, age
      """;

  // Control totals and open items in one snapshot; 0 for every currency unless the books do not
  // agree.
  private static final String DELTAS =
      """
      SELECT currency, sum(delta)::bigint AS delta FROM (
        SELECT currency, accepted_minor - posted_minor AS delta FROM book_total
        UNION ALL SELECT currency, -amount_minor FROM unposted) d
      GROUP BY currency
      """;

  private final Pool pool;

  public UnpostedStore(Pool pool) {
    this.pool = pool;
  }

  public Future<UnpostedTotals> totals() {
    return pool.preparedQuery(TOTALS)
        .execute()
        .map(
            rows -> {
              List<Line> lines = new ArrayList<>(rows.size());
              OffsetDateTime takenAt = OffsetDateTime.now(ZoneOffset.UTC);
              for (Row row : rows) {
                takenAt = row.getOffsetDateTime("taken_at");
                lines.add(line(row));
              }
              return new UnpostedTotals(takenAt, lines);
            });
  }

  /** accepted - posted - unposted by currency, in minor units. */
  public Future<Map<String, Long>> conservationDeltas() {
    return pool.preparedQuery(DELTAS)
        .execute()
        .map(
            rows -> {
              Map<String, Long> deltas = new HashMap<>();
              rows.forEach(row -> deltas.put(row.getString(0), row.getLong(1)));
              return deltas;
            });
  }

  private static Line line(Row row) {
    return new Line(
        row.getString("currency"),
        row.getString("reason"),
        row.getString("rail"),
        row.getString("age"),
        row.getLong("credits"),
        row.getLong("amount_minor"),
        row.getOffsetDateTime("oldest"));
  }
}
