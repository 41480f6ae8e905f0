package dev.settle.router.app;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what is acknowledged survives the loss of the database's disk: whether commits wait for a
 * synchronous standby, and one is there. Looked at when the node starts and every {@link
 * Limits#STANDBY_EVERY} from then on. A node without one is ready all the same.
 */
final class StandbyWatch {

  static final String NOT_READ = "not known: the database does not answer";
  static final String NONE_NAMED =
      "none: synchronous_standby_names is empty, a lost disk loses acknowledged sales";
  static final String NOT_WAITED_FOR =
      "none: synchronous_commit does not wait for a standby, a lost disk loses acknowledged sales";
  static final String NONE_CONNECTED =
      "none connected: commits wait until one of synchronous_standby_names is there";
  static final String HIDDEN =
      "not known: the router's database user may not see it, grant it pg_monitor";

  private static final Logger LOG = LoggerFactory.getLogger(StandbyWatch.class);

  /** Who may not see another user's sender is shown its row without a state. */
  private static final String READ =
      """
      SELECT current_setting('synchronous_standby_names') <> '' AS named,
             current_setting('synchronous_commit') NOT IN ('off', 'local') AS waited_for,
             count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')) AS synchronous,
             count(*) FILTER (WHERE sync_state IS NULL) AS hidden
      FROM pg_stat_replication
      """;

  private final Vertx vertx;
  private final Pool pool;
  private volatile String health = NOT_READ;
  private boolean reading;

  StandbyWatch(Vertx vertx, Pool pool) {
    this.vertx = vertx;
    this.pool = pool;
  }

  /** What {@code /health/ready} says: {@code ok}, or what is not. */
  String health() {
    return health;
  }

  /** Looks once, and from then on by itself; a look that fails keeps no node from starting. */
  Future<Void> start() {
    vertx.setPeriodic(Limits.STANDBY_EVERY.toMillis(), tick -> look());
    return look();
  }

  private Future<Void> look() {
    if (reading) {
      return Future.succeededFuture();
    }
    reading = true;
    return pool.query(READ)
        .execute()
        .map(rows -> said(rows.iterator().next()))
        .onFailure(failure -> LOG.warn("could not look for a synchronous standby", failure))
        .otherwise(NOT_READ)
        .onSuccess(this::tell)
        .onComplete(done -> reading = false)
        .mapEmpty();
  }

  private void tell(String now) {
    if (!now.equals(health)) {
      LOG.info("synchronous standby: {}", now);
    }
    health = now;
  }

  private static String said(Row row) {
    return said(
        row.getBoolean("named"),
        row.getBoolean("waited_for"),
        row.getLong("synchronous"),
        row.getLong("hidden"));
  }

  /**
   * What to say of a database.
   *
   * @param synchronous standbys that commits wait for
   * @param hidden connections of which this user may not see what they are
   */
  static String said(boolean named, boolean waitedFor, long synchronous, long hidden) {
    if (!named) {
      return NONE_NAMED;
    }
    if (!waitedFor) {
      return NOT_WAITED_FOR;
    }
    if (synchronous > 0) {
      return "ok";
    }
    return hidden > 0 ? HIDDEN : NONE_CONNECTED;
  }
}
