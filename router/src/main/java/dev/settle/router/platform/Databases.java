package dev.settle.router.platform;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;

/**
 * Opens bounded connection pools. Statements are prepared once for each connection; none is ever
 * cancelled by a time-out.
 */
public final class Databases {

  /** Prepared statements kept for each connection; the router has far fewer. */
  private static final int PREPARED_STATEMENTS = 128;

  private Databases() {}

  /** A pool of at most {@code connections}, whose connections live on the caller's event loop. */
  public static Pool pool(Vertx vertx, Settings.Database database, int connections, String name) {
    PgConnectOptions connect =
        PgConnectOptions.fromUri(database.url())
            .setUser(database.user())
            .setPassword(database.password())
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(PREPARED_STATEMENTS)
            .addProperty("application_name", "settle " + name);
    return PgBuilder.pool()
        .using(vertx)
        .connectingTo(connect)
        .with(
            new PoolOptions()
                .setName(name)
                .setMaxSize(connections)
                .setMaxWaitQueueSize(Limits.POOL_QUEUE))
        .build();
  }
}
