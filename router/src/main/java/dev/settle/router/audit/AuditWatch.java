package dev.settle.router.audit;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Paced;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds how far the audit is behind: linking and sealing may stop without a
 * fault, since a node that finds another at it does nothing. Belongs to one event loop.
 */
public final class AuditWatch {

  private static final Logger LOG = LoggerFactory.getLogger(AuditWatch.class);
  private static final String BEHIND = "SELECT o_unlinked, o_unsealed FROM audit_behind($1)";

  private final Pool reading;
  private final AuditMetrics metrics;
  private final Paced looks;

  /**
   * @param reading connections on which the database gives up what takes long, apart from those
   *     that link and seal: these may be what is stuck
   */
  public AuditWatch(Vertx vertx, Pool reading, AuditMetrics metrics) {
    this.reading = reading;
    this.metrics = metrics;
    this.looks =
        new Paced(
            vertx,
            LOG,
            "how far the audit is behind could not be read",
            Limits.AUDIT_LOOK_EVERY,
            Limits.AUDIT_LOOK_AT_LEAST_EVERY,
            Limits.SEAL_SHARE,
            () -> look().map(seen -> false));
  }

  public void start() {
    looks.start();
  }

  private Future<Void> look() {
    return reading
        .preparedQuery(BEHIND)
        .execute(Tuple.of(Limits.AUDIT_LOOK_EVENTS))
        .onSuccess(
            rows -> {
              Row row = rows.iterator().next();
              metrics.auditBehind(age(row, "o_unlinked"), age(row, "o_unsealed"));
            })
        .mapEmpty();
  }

  private static Duration age(Row row, String column) {
    Double seconds = row.getDouble(column);
    return seconds == null ? Duration.ZERO : Duration.ofMillis((long) (seconds * 1_000));
  }
}
