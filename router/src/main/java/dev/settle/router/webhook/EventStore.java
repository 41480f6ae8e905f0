package dev.settle.router.webhook;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The events of a webhook in PostgreSQL, in their order. */
final class EventStore {

  private static final String READ =
      """
      SELECT webhook_id, event_no, kind, at, merchant_id, credit_id, attempt, exception_no, amount_minor, minor, currency, reason,
             account_id, last4, acquirer_id, terminal_id, batch_no, stan, local_date, type, rrn, change_id, version
      FROM webhook_event WHERE webhook_id = $1 AND event_no > $2 AND event_no <= $3 ORDER BY event_no LIMIT $4
      """;

  private final Pool pool;

  EventStore(Pool pool) {
    this.pool = pool;
  }

  /** Those after one number, up to another, at most so many; those that are kept. */
  Future<List<JsonObject>> read(long webhookId, long after, long to, int most) {
    return pool.preparedQuery(READ)
        .execute(Tuple.of(webhookId, after, to, (long) most))
        .map(
            rows -> {
              List<JsonObject> events = new ArrayList<>();
              for (Row row : rows) {
                events.add(EventJson.of(row));
              }
              return events;
            });
  }
}
