package dev.settle.router.platform;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
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
   * seen here and lost there. A line that is dead is given up; the server goes on with what it was
   * told, and who waits is told that nobody knows.
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

  /** A connection that hears what the database notifies, and connects again by itself. */
  public static PgSubscriber subscriber(Vertx vertx, Settings.Database database, String name) {
    return PgSubscriber.subscriber(vertx, connect(database, name));
  }

  private static PgConnectOptions connect(Settings.Database database, String name) {
    return PgConnectOptions.fromUri(database.url())
        .setUser(database.user())
        .setPassword(database.password())
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(PREPARED_STATEMENTS)
        .addProperty("application_name", "settle " + name);
  }

  /**
   * A host that is gone says nothing, and TCP alone would wait for it a quarter of an hour, or for
   * ever where an answer is waited for.
   */
  private static NetClientOptions network() {
    return new NetClientOptions()
        .setConnectTimeout((int) Limits.DATABASE_CONNECT.toMillis())
        .setTcpUserTimeout((int) Limits.DATABASE_LINE.toMillis())
        .setReadIdleTimeout((int) Limits.DATABASE_SILENCE.toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  private static PoolOptions options(int connections, int waiting, String name) {
    return new PoolOptions()
        .setName(name)
        .setMaxSize(connections)
        .setMaxWaitQueueSize(waiting)
        .setIdleTimeout((int) Limits.DATABASE_IDLE.toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  private static Pool pool(Vertx vertx, PgConnectOptions connect, PoolOptions options) {
    return PgBuilder.pool()
        .using(vertx)
        .connectingTo(connect)
        .with(options)
        .with(network())
        .build();
  }
}
