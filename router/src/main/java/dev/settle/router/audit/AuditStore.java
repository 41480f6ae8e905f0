package dev.settle.router.audit;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/** Events, links and seals in PostgreSQL, whose functions alone write them. */
final class AuditStore {

  private static final String RECORD = "SELECT audit_record($1, $2, $3, $4, $5, $6, $7)";
  private static final String LINK = "SELECT link_audit($1)";
  private static final String SEAL_CREDITS = "SELECT o_credits, o_more FROM seal_credits($1, $2)";
  private static final String SEAL_DEPARTURES = "SELECT seal_departures($1, $2)";

  private final Pool pool;

  AuditStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * Writes an event; durable when it succeeds.
   *
   * @param more beside the event's own detail
   */
  Future<Void> record(AuditEvent event, JsonObject more) {
    JsonObject detail = new JsonObject();
    event.detail().forEach(detail::put);
    Tuple parameters =
        Tuple.tuple()
            .addString(event.actor())
            .addString(event.role())
            .addString(event.action().name())
            .addString(event.object())
            .addString(event.reason())
            .addString(event.from())
            .addJsonObject(detail.mergeIn(more));
    return pool.preparedQuery(RECORD).execute(parameters).mapEmpty();
  }

  /** Links up to {@code limit} events; how many, 0 also while another node does it. */
  Future<Integer> link(int limit) {
    return pool.preparedQuery(LINK)
        .execute(Tuple.of(limit))
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  /**
   * What came of sealing.
   *
   * @param credits how many were sealed; 0 also while another node does it
   * @param more whether there are more to seal now
   */
  record Sealed(long credits, boolean more) {}

  /** Seals the next credits. */
  Future<Sealed> sealCredits(int batches, int credits) {
    return pool.preparedQuery(SEAL_CREDITS)
        .execute(Tuple.of(batches, credits))
        .map(rows -> rows.iterator().next())
        .map(row -> new Sealed(row.getLong("o_credits"), row.getBoolean("o_more")));
  }

  /** Looks at the next departures and seals what is closed; how many were looked at. */
  Future<Integer> sealDepartures(int rows, Duration pause) {
    return pool.preparedQuery(SEAL_DEPARTURES)
        .execute(Tuple.of(rows, Interval.of(pause)))
        .map(found -> found.iterator().next().getInteger(0));
  }
}
