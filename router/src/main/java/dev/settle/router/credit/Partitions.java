package dev.settle.router.credit;

import dev.settle.router.transaction.ReplayWindow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a partition of the credit table ready for every local date that may come in, a month before
 * it is needed.
 */
public final class Partitions {

  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
  private static final Duration EVERY = Duration.ofHours(1);
  private static final int DAYS_READY = ReplayWindow.DAYS_AHEAD + 31;

  private final Vertx vertx;
  private final Pool pool;
  private final Duration past;

  public Partitions(Vertx vertx, Pool pool, Duration past) {
    this.vertx = vertx;
    this.pool = pool;
    this.past = past;
  }

  /** Makes what is missing now, and again every hour. */
  public Future<Void> start() {
    vertx.setPeriodic(
        EVERY.toMillis(),
        tick -> ensure().onFailure(failure -> LOG.error("no partitions were made", failure)));
    return ensure();
  }

  private Future<Void> ensure() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    return pool.preparedQuery("SELECT ensure_credit_partitions($1, $2)")
        .execute(Tuple.of(today.minusDays(past.toDays()), today.plusDays(DAYS_READY)))
        .mapEmpty();
  }
}
