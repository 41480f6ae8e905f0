package dev.settle.router.platform;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.TimeUnit;

/** Opens bounded connection pools. Statements are prepared once for each connection. */
public final class Databases {

  /** Prepared statements kept for each connection; the router has far fewer. */
  private static final int PREPARED_STATEMENTS = 128;

  private Databases() {}

  /**
   * A pool of at most {@code connections}, whose connections live on the caller's event loop. No
   * time-out cancels a statement: a commit that is cancelled while it waits for a standby would be
   * seen here and lost there.
   */
  public static Pool pool(Vertx vertx, Settings.Database database, int connections, String name) {
    return pool(vertx, connect(database, name), options(connections, Limits.POOL_QUEUE, name));
  }

  /**
   * A pool for reading alone, of at most {@code connections}: the database refuses to write on it,
   * and gives up a statement after {@link Limits#READ_STATEMENT}. {@link ReadDeadline} makes that
   * an answer.
   */
  public static Pool readPool(
      Vertx vertx, Settings.Database database, int connections, String name) {
    PgConnectOptions connect =
        connect(database, name)
            .addProperty("default_transaction_read_only", "on")
            .addProperty("statement_timeout", String.valueOf(Limits.READ_STATEMENT.toMillis()));
    PoolOptions options =
        options(connections, Limits.READ_QUEUE, name)
            // Just after the reader was told: what nobody waits for any more leaves the queue.
            .setConnectionTimeout((int) Limits.READ_ANSWER.toSeconds() + 1)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    return pool(vertx, connect, options);
  }

  private static PgConnectOptions connect(Settings.Database database, String name) {
    return PgConnectOptions.fromUri(database.url())
        .setUser(database.user())
        .setPassword(database.password())
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(PREPARED_STATEMENTS)
        .addProperty("application_name", "settle " + name);
  }

  private static PoolOptions options(int connections, int waiting, String name) {
    return new PoolOptions().setName(name).setMaxSize(connections).setMaxWaitQueueSize(waiting);
  }

  private static Pool pool(Vertx vertx, PgConnectOptions connect, PoolOptions options) {
    return PgBuilder.pool().using(vertx).connectingTo(connect).with(options).build();
  }
}
