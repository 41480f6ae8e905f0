package dev.settle.router.webhook;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/** How the book is read for webhooks, in PostgreSQL: each step is one commit. */
public final class FeedStore {

  private static final String STANDING =
      """
      SELECT (SELECT count(*) FROM webhook w WHERE w.state = 'PAUSED') AS paused,
             (SELECT extract(epoch FROM clock_timestamp() - min(first.made_at))::double precision
              FROM webhook w CROSS JOIN LATERAL (
                SELECT e.made_at FROM webhook_event e WHERE e.webhook_id = w.webhook_id AND e.event_no > w.acked_no
                ORDER BY e.event_no LIMIT 1) first
              WHERE w.state = 'ACTIVE' AND w.told_no > w.acked_no) AS oldest,
             (SELECT extract(epoch FROM clock_timestamp() - coalesce(f.sliced_to, f.told_to))::double precision
              FROM webhook_feed f WHERE EXISTS (SELECT FROM webhook w WHERE w.gathers)) AS behind
      """;

  private final Pool pool;

  public FeedStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * What one reading of the book gave.
   *
   * @param more there is more to read now
   */
  record Gathered(long events, boolean more) {}

  Future<Gathered> gather() {
    return pool.preparedQuery("SELECT o_made, o_more FROM gather_webhook_events($1, $2)")
        .execute(Tuple.of(Limits.WEBHOOK_GATHER_CREDITS, (long) Limits.WEBHOOK_BACKLOG))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Gathered(row.getLong("o_made"), row.getBoolean("o_more"));
            });
  }

  /** Forgets some old events; whether there may be more. */
  Future<Boolean> forget() {
    return pool.preparedQuery("SELECT forget_webhook_events($1, $2, $3)")
        .execute(
            Tuple.of(
                Interval.of(Duration.ofHours(Limits.WEBHOOK_KEPT_HOURS)),
                Limits.WEBHOOK_FORGET_EVENTS,
                Limits.WEBHOOK_FORGET_AT_ONCE))
        .map(rows -> rows.iterator().next().getLong(0) > 0);
  }

  /** Keeps short what a reading has to look through. */
  Future<Void> summarize() {
    return pool.preparedQuery("SELECT summarize_settlements()").execute().mapEmpty();
  }

  /** Counts how all webhooks stand. */
  Future<Void> count(WebhookMetrics metrics) {
    return pool.preparedQuery(STANDING)
        .execute()
        .onSuccess(
            rows -> {
              Row row = rows.iterator().next();
              metrics.webhooks(row.getLong("paused"), age(row, "oldest"), age(row, "behind"));
            })
        .mapEmpty();
  }

  private static Duration age(Row row, String column) {
    Double seconds = row.getDouble(column);
    return seconds == null ? Duration.ZERO : Duration.ofMillis((long) (seconds * 1_000));
  }
}
