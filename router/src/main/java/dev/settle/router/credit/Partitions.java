package dev.settle.router.credit;

import dev.settle.router.platform.ConfigurationException;
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
 * it is needed. By that, the database knows how far back this node takes sales, and archives none
 * of them.
 */
public final class Partitions {

  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
  private static final Duration EVERY = Duration.ofHours(1);
  private static final int DAYS_READY = ReplayWindow.DAYS_AHEAD + 31;

  /** The last month that has left, and the days back to its end. */
  private static final String ARCHIVED =
      """
      SELECT to_char(max(m.month), 'YYYY-MM') AS month, $2::date - (max(m.month) + interval '1 month')::date AS days
      FROM archived_month m WHERE (m.month + interval '1 month')::date > $1
      """;

  private final Vertx vertx;
  private final Pool pool;
  private final Duration past;

  public Partitions(Vertx vertx, Pool pool, Duration past) {
    this.vertx = vertx;
    this.pool = pool;
    this.past = past;
  }

  /**
   * Makes what is missing now, and again every hour. Fails with {@link ConfigurationException} when
   * the replay window reaches into a month that is archived: a sale of it that is sent again could
   * not be recognised.
   */
  public Future<Void> start() {
    vertx.setPeriodic(
        EVERY.toMillis(),
        tick -> ensure().onFailure(failure -> LOG.error("no partitions were made", failure)));
    // In this order: from when on it is known what this node takes, nothing of it leaves.
    return ensure().compose(made -> requireHot());
  }

  private Future<Void> requireHot() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    return pool.preparedQuery(ARCHIVED)
        .execute(Tuple.of(today.minusDays(past.toDays()), today))
        .map(rows -> rows.iterator().next())
        .compose(
            row ->
                row.getString("month") == null
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new ConfigurationException(
                            "settle.replay.window.days is "
                                + past.toDays()
                                + ", but sales up to "
                                + row.getString("month")
                                + " are archived and would not be recognised when they are sent"
                                + " again: set it to "
                                + row.getInteger("days")
                                + " or less")));
  }

  private Future<Void> ensure() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    return pool.preparedQuery("SELECT ensure_credit_partitions($1, $2)")
        .execute(Tuple.of(today.minusDays(past.toDays()), today.plusDays(DAYS_READY)))
        .mapEmpty();
  }
}
