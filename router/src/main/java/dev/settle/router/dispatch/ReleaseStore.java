package dev.settle.router.dispatch;

import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.credit.Batch;
import dev.settle.router.dispatch.ReleasePlan.Verdict;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds open departures that may go on, and lets them, in PostgreSQL. */
final class ReleaseStore {

  private static final String RELEASE =
      "SELECT * FROM release_credits($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)";

  private static final String FOR_OTHER_RAILS =
      """
      UPDATE credit_exception e SET next_at = now()
      FROM (SELECT credit_id, exception_no FROM credit_exception
            WHERE closed_at IS NULL AND movable AND next_at IS NULL AND kind <> 'RETURNED'
              AND reason IN ('RAIL_UNAVAILABLE', 'NOT_ALLOWED')
              AND credit_id > $1
            ORDER BY credit_id LIMIT $2 FOR UPDATE SKIP LOCKED) o
      WHERE e.credit_id = o.credit_id AND e.exception_no = o.exception_no
      RETURNING e.credit_id
      """;

  private final Pool pool;
  private final long owner;

  ReleaseStore(Pool pool, long owner) {
    this.pool = pool;
    this.owner = owner;
  }

  /**
   * A look at merchants with open departures.
   *
   * @param due those that have some to be decided anew
   * @param last the last that was looked at, or null when there are no more
   */
  record Look(List<String> due, @Nullable String last) {}

  /**
   * Has what waits for another rail decided anew, a piece at a time.
   *
   * @param after the credit after which to go on; 0: from the first
   * @return the last credit of this piece, or null when there are no more
   */
  Future<@Nullable Long> lookForOtherRails(long after) {
    return pool.preparedQuery(FOR_OTHER_RAILS)
        .execute(Tuple.of(after, (long) Limits.RELEASE_CREDITS))
        .map(
            rows -> {
              long last = after;
              for (Row row : rows) {
                last = Math.max(last, row.getLong(0));
              }
              return rows.size() < Limits.RELEASE_CREDITS ? null : last;
            });
  }

  /** Looks at merchants that come after {@code after}. */
  Future<Look> look(String after) {
    return pool.preparedQuery("SELECT * FROM merchants_to_release($1, $2, $3)")
        .execute(Tuple.of(after, Limits.RELEASE_LOOK, Limits.RELEASE_MERCHANTS))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Look(List.of(row.getArrayOfStrings(0)), row.getString(1));
            });
  }

  /**
   * The oldest open departures of each merchant that are to be decided anew.
   *
   * @param after by merchant, the credit after which to go on
   * @param limit departures of one merchant
   */
  Future<List<OpenDeparture>> departures(
      List<MerchantRoute> routes, Map<String, Long> after, int limit) {
    return pool.preparedQuery("SELECT * FROM departures_to_release($1, $2, $3, $4)")
        .execute(
            Tuple.tuple()
                .addArrayOfString(
                    routes.stream().map(MerchantRoute::merchantId).toArray(String[]::new))
                .addArrayOfInteger(
                    routes.stream().map(MerchantRoute::version).toArray(Integer[]::new))
                .addArrayOfLong(
                    routes.stream()
                        .map(route -> after.getOrDefault(route.merchantId(), 0L))
                        .toArray(Long[]::new))
                .addInteger(limit))
        .map(
            rows -> {
              List<OpenDeparture> departures = new ArrayList<>(rows.size());
              rows.forEach(row -> departures.add(departure(row)));
              return departures;
            });
  }

  /** A departure by the columns that it has in every question for some. */
  static OpenDeparture departure(Row row) {
    return new OpenDeparture(
        row.getLong("credit_id"),
        row.getInteger("exception_no"),
        row.getInteger("attempt"),
        !row.getString("kind").equals("HELD"),
        Reason.valueOf(row.getString("reason")),
        row.getString("merchant_id"),
        row.getString("terminal_id"),
        row.getLong("amount_minor"),
        row.getString("currency"),
        row.getString("rail"),
        row.getLong("account_id"),
        row.getBoolean("ordered"),
        Boolean.TRUE.equals(row.getBoolean("again")),
        row.getInteger("refusals"));
  }

  /**
   * What a release did.
   *
   * @param verdicts those by which a credit went on
   * @param batches where it did
   */
  record Released(List<Verdict> verdicts, List<Batch> batches) {}

  /** Writes what was decided; what another node has in hand or has decided is left alone. */
  Future<Released> release(ReleasePlan plan) {
    ReleaseColumns columns = new ReleaseColumns(plan.verdicts());
    return pool.preparedQuery(RELEASE)
        .execute(columns.addTo(Tuple.tuple().addLong(owner)))
        .map(rows -> columns.released(rows.iterator().next()));
  }
}
