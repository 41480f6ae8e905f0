package dev.settle.router.credit;

import dev.settle.router.credit.UnpostedTotals.Line;
import dev.settle.router.explanation.NextAccount;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is unposted, from open batches and open departures alone: its cost does not grow with
 * history.
 */
public final class UnpostedStore {

  // What is open, and for each currency the control totals as a line without a reason: in one
  // snapshot, and so that what is open is read once.
  private static final String BOOK =
      """
      SELECT now() AS taken_at, currency, reason, rail,
             CASE WHEN since > now() - interval '1 minute' THEN '<1m'
                  WHEN since > now() - interval '1 hour' THEN '<1h'
                  WHEN since > now() - interval '1 day' THEN '<1d'
                  ELSE '>=1d' END AS age,
             sum(credits)::bigint AS credits, sum(amount_minor)::bigint AS amount_minor, min(since) AS oldest,
             NULL::bigint AS accepted, NULL::bigint AS posted
      FROM unposted GROUP BY currency, reason, rail, age
      UNION ALL
      SELECT now(), currency, NULL, NULL, NULL, NULL, sum(accepted_minor - posted_minor)::bigint, NULL,
             sum(accepted_credits)::bigint, sum(posted_credits)::bigint
      FROM book_total GROUP BY currency
      """;

  // Of the merchant's own open departures, by their index, and of the members of open batches that
  // are the merchant's. Of which terminal something held is, is asked only where terminals wait for
  // different accounts: it costs a look into `credit` for each.
  private static final String OF_MERCHANT =
      """
      WITH open AS (
        SELECT batch_id, state, rail, owner, recorded_at FROM credit_batch
        WHERE state IN ('RECORDED', 'SENT', 'IN_DOUBT') ORDER BY batch_id LIMIT $2
      ), next AS (
        SELECT terminal_id, state, effective_from FROM card_change WHERE merchant_id = $1 AND open
      ), own AS (
        SELECT terminal_id FROM binding WHERE merchant_id = $1 AND terminal_id <> '' AND upper_inf(effective)
      ), credits AS (
        SELECT m.currency, batch_reason(o.state, r.reason, o.owner, o.rail, o.batch_id) AS reason, o.rail, m.amount_minor,
               o.recorded_at AS since, m.terminal_id
        FROM batch_members(ARRAY(SELECT batch_id FROM open)) m
        JOIN open o USING (batch_id)
        JOIN standing_rule r ON r.batch_state = o.state AND r.departure = 'NONE'
        WHERE m.merchant_id = $1
        UNION ALL
        SELECT e.currency, e.reason, b.rail, e.amount_minor, e.opened_at,
               CASE WHEN EXISTS (SELECT FROM next WHERE terminal_id <> '' OR EXISTS (SELECT FROM own))
                    THEN (SELECT c.terminal_id FROM credit c WHERE c.credit_id = e.credit_id) ELSE '' END
        FROM credit_exception e JOIN credit_batch b USING (batch_id)
        WHERE e.merchant_id = $1 AND e.closed_at IS NULL
      ), lines AS (
        SELECT c.currency, c.reason, c.rail, '' AS age, count(*) AS credits, sum(c.amount_minor)::bigint AS amount_minor,
               min(c.since) AS oldest, n.state AS next_state, n.effective_from AS next_from
        FROM credits c LEFT JOIN next n ON n.terminal_id = c.terminal_id
          OR n.terminal_id = '' AND NOT EXISTS (SELECT FROM own o WHERE o.terminal_id = c.terminal_id)
        GROUP BY c.currency, c.reason, c.rail, n.state, n.effective_from
      )
      SELECT now() AS taken_at, (SELECT count(*) FROM open) AS batches,
             EXISTS (SELECT FROM merchant WHERE merchant_id = $1) AS known, l.*
      FROM (SELECT) one LEFT JOIN lines l ON true
      """;

  private final Pool pool;

  public UnpostedStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * The book at one instant.
   *
   * @param deltas accepted - posted - unposted by currency, in minor units: 0 unless the control
   *     totals and what is open do not agree
   * @param accepted credits accepted ever, by the control totals
   * @param posted credits posted ever, less those that came back
   */
  public record Book(UnpostedTotals totals, Map<String, Long> deltas, long accepted, long posted) {}

  /** What is unposted, held against the control totals in the same snapshot. */
  public Future<Book> book() {
    return pool.preparedQuery(BOOK).execute().map(UnpostedStore::book);
  }

  private static Book book(RowSet<Row> rows) {
    List<Line> lines = new ArrayList<>(rows.size());
    Map<String, Long> deltas = new HashMap<>();
    OffsetDateTime takenAt = OffsetDateTime.now(ZoneOffset.UTC);
    long accepted = 0;
    long posted = 0;
    for (Row row : rows) {
      takenAt = row.getOffsetDateTime("taken_at");
      long minor = row.getLong("amount_minor");
      if (row.getString("reason") == null) {
        deltas.merge(row.getString("currency"), minor, Long::sum);
        accepted += row.getLong("accepted");
        posted += row.getLong("posted");
      } else {
        lines.add(line(row, NextAccount.NONE));
        deltas.merge(row.getString("currency"), -minor, Long::sum);
      }
    }
    return new Book(new UnpostedTotals(takenAt, lines), deltas, accepted, posted);
  }

  public Future<UnpostedTotals> totals() {
    return book().map(Book::totals);
  }

  /**
   * What one merchant is owed and has not been posted, in one snapshot; null when nobody knows the
   * merchant and nothing is held in its name.
   *
   * <p>Costs one index look-up for each open departure of the merchant, and reads every credit of
   * the open batches, of whatever merchant, up to {@link Limits#OPEN_BATCHES_READ} batches: what is
   * under way has no index by merchant, because that would cost every sale. Normally these are a
   * few thousand credits; while a bank does not answer, up to two million.
   */
  public Future<@Nullable MerchantUnposted> ofMerchant(String merchantId) {
    return pool.preparedQuery(OF_MERCHANT)
        .execute(Tuple.of(merchantId, Limits.OPEN_BATCHES_READ))
        .map(
            rows -> {
              List<Line> lines = new ArrayList<>(rows.size());
              for (Row row : rows) {
                if (row.getString("currency") != null) {
                  lines.add(
                      line(
                          row,
                          NextAccount.of(
                              row.getString("next_state"), row.getOffsetDateTime("next_from"))));
                }
              }
              Row any = rows.iterator().next();
              return lines.isEmpty() && !any.getBoolean("known")
                  ? null
                  : new MerchantUnposted(
                      merchantId,
                      new UnpostedTotals(any.getOffsetDateTime("taken_at"), lines),
                      any.getLong("batches") < Limits.OPEN_BATCHES_READ);
            });
  }

  private static Line line(Row row, NextAccount next) {
    return new Line(
        row.getString("currency"),
        row.getString("reason"),
        row.getString("rail"),
        row.getString("age"),
        row.getLong("credits"),
        row.getLong("amount_minor"),
        row.getOffsetDateTime("oldest"),
        next);
  }
}
