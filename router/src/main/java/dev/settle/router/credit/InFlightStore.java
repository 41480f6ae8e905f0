package dev.settle.router.credit;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is on its way to an account, or to another that has its number: credits that were sent
 * and have no final answer yet. No change of a route can call these back.
 *
 * <p>It looks through the members of the batches that are SENT or IN_DOUBT, up to {@link
 * Limits#OPEN_BATCHES_READ} of them, the oldest first: normally a few, and as many as there are
 * while a bank does not answer.
 */
public final class InFlightStore {

  private static final String IN_FLIGHT =
      """
      WITH open AS (
        SELECT batch_id FROM credit_batch WHERE state IN ('SENT', 'IN_DOUBT') ORDER BY batch_id LIMIT $2
      ), same AS (
        SELECT n.account_id FROM account a JOIN account n USING (merchant_id, number_hash) WHERE a.account_id = $1
      ), sums AS (
        SELECT f.currency, count(*) AS credits, sum(f.amount_minor)::bigint AS amount_minor
        FROM (
          SELECT m.currency, m.amount_minor FROM batch_members(ARRAY(SELECT batch_id FROM open)) m
          WHERE m.account_id IN (SELECT account_id FROM same)
          UNION ALL
          -- Taken by the bank, or in doubt, one by one.
          SELECT e.currency, e.amount_minor FROM credit_exception e
          WHERE e.merchant_id = (SELECT merchant_id FROM account WHERE account_id = $1) AND e.closed_at IS NULL
            AND e.kind IN ('PENDING', 'DOUBT')
            AND CASE WHEN e.attempt = 1 THEN (SELECT c.account_id FROM credit c WHERE c.credit_id = e.credit_id)
                     ELSE (SELECT p.to_account FROM credit_exception p WHERE p.credit_id = e.credit_id
                             AND p.attempt = e.attempt - 1 AND p.to_batch IS NOT NULL) END
                IN (SELECT account_id FROM same)
        ) f GROUP BY f.currency
      )
      SELECT (SELECT count(*) FROM open) AS batches, s.currency, s.credits, s.amount_minor
      FROM (SELECT) one LEFT JOIN sums s ON true ORDER BY s.currency
      """;

  private static final Logger LOG = LoggerFactory.getLogger(InFlightStore.class);

  private final Pool pool;

  public InFlightStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * {@code {"count","amountMinor":{currency: minor units},"complete"}}; {@code complete} is false
   * when more batches are open than are looked through, and the figures are then a lower bound.
   *
   * <p>Never fails: who asks has a change to report that is committed. What cannot be read within
   * {@link Limits#IN_FLIGHT_ANSWER} is 0 and not complete.
   */
  public Future<JsonObject> toAccount(long accountId) {
    return read(accountId)
        .timeout(Limits.IN_FLIGHT_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> LOG.warn("what is on its way to an account is not known", failure))
        .otherwise(failure -> json(0, new JsonObject(), false));
  }

  /** Nothing is on its way. */
  public static JsonObject nothing() {
    return json(0, new JsonObject(), true);
  }

  private Future<JsonObject> read(long accountId) {
    return pool.preparedQuery(IN_FLIGHT)
        .execute(Tuple.of(accountId, Limits.OPEN_BATCHES_READ))
        .map(
            rows -> {
              long count = 0;
              boolean complete = true;
              JsonObject amounts = new JsonObject();
              for (Row row : rows) {
                complete = row.getLong("batches") < Limits.OPEN_BATCHES_READ;
                if (row.getString("currency") != null) {
                  count += row.getLong("credits");
                  amounts.put(row.getString("currency"), row.getLong("amount_minor"));
                }
              }
              return json(count, amounts, complete);
            });
  }

  private static JsonObject json(long count, JsonObject amounts, boolean complete) {
    return new JsonObject()
        .put("count", count)
        .put("amountMinor", amounts)
        .put("complete", complete);
  }
}
