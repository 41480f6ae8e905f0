package dev.settle.router.dispatch;

import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows up whether money that banks accepted has arrived: counts what is not credited within the
 * rail's normal time, and learns that time from what was. Nobody has to ask. Belongs to one event
 * loop.
 */
public final class OverdueWatch {

  private static final Logger LOG = LoggerFactory.getLogger(OverdueWatch.class);

  private final Vertx vertx;
  private final DispatchParts parts;
  private final Map<String, Long> overdue = new HashMap<>();
  private int looks;
  private boolean looking;

  public OverdueWatch(Vertx vertx, DispatchParts parts) {
    this.vertx = vertx;
    this.parts = parts;
  }

  public void start() {
    vertx.setPeriodic(1, Limits.OVERDUE_EVERY.toMillis(), tick -> look());
  }

  private void look() {
    if (looking) {
      return;
    }
    looking = true;
    (looks++ % Limits.OVERDUE_LOOKS_PER_LESSON == 0 ? learn() : Future.<Void>succeededFuture())
        .compose(learned -> count())
        .onFailure(failure -> LOG.warn("what is overdue could not be counted", failure))
        .onComplete(done -> looking = false);
  }

  private Future<Void> learn() {
    Future<Void> all = Future.succeededFuture();
    for (Rail rail : parts.rails().all()) {
      all =
          all.compose(
              before ->
                  parts
                      .pool()
                      .preparedQuery("SELECT learn_normal_time($1, $2, $3, $4)")
                      .execute(
                          Tuple.of(
                              rail.name(),
                              Interval.of(rail.capabilities().normalTime()),
                              Limits.NORMAL_TIME_LEAST,
                              Limits.NORMAL_TIME_SAMPLES))
                      .mapEmpty());
    }
    return all;
  }

  private Future<Void> count() {
    return parts
        .pool()
        .preparedQuery("SELECT rail, credits, oldest::text FROM overdue")
        .execute()
        .onSuccess(
            rows -> {
              Map<String, Long> now = new HashMap<>();
              for (Row row : rows) {
                now.put(row.getString("rail"), row.getLong("credits"));
                if (overdue.getOrDefault(row.getString("rail"), 0L) == 0) {
                  LOG.warn(
                      "rail {} has accepted {} credits and not credited them in its normal time, the"
                          + " oldest since {}",
                      row.getString("rail"),
                      row.getLong("credits"),
                      row.getString("oldest"));
                }
              }
              parts
                  .rails()
                  .all()
                  .forEach(
                      rail -> {
                        long credits = now.getOrDefault(rail.name(), 0L);
                        overdue.put(rail.name(), credits);
                        parts.metrics().overdue(rail.name(), credits);
                      });
            })
        .mapEmpty();
  }
}
