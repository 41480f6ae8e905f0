package dev.settle.router.dispatch;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Paced;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every two seconds at what was claimed, by whichever node, whether any of it carried a
 * superseded version, and counts it. It shares no code with the claim, and would see it fail.
 *
 * <p>Where a look ended is kept in the database, and the next one, by whichever node, goes on from
 * there: every claim is looked at, and twice only when a node dies between counting and committing.
 * Belongs to one event loop.
 */
public final class FenceAudit {

  private static final Logger LOG = LoggerFactory.getLogger(FenceAudit.class);

  private final Pool pool;
  private final DispatchMetrics metrics;
  private final Paced looks;

  public FenceAudit(Vertx vertx, Pool pool, DispatchMetrics metrics) {
    this.pool = pool;
    this.metrics = metrics;
    this.looks =
        new Paced(
            vertx,
            LOG,
            "the fence was not audited; the next look does it",
            Limits.AUDIT_EVERY,
            null,
            Limits.AUDIT_SHARE,
            () -> pool.withTransaction(this::look));
  }

  public void start() {
    looks.start();
  }

  /** Counts before the commit, which says that it is counted; whether there is more. */
  private Future<Boolean> look(SqlConnection connection) {
    return connection
        .preparedQuery("SELECT o_superseded, o_more FROM audit_fence($1)")
        .execute(Tuple.of(Limits.AUDIT_BATCHES))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              report(row.getLong("o_superseded"));
              return row.getBoolean("o_more");
            });
  }

  private void report(long credits) {
    if (credits > 0) {
      LOG.error(
          "{} credits were claimed by a superseded version: the fence does not hold", credits);
    }
    metrics.superseded(credits);
  }
}
