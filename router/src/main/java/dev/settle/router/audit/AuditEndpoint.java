package dev.settle.router.audit;

import dev.settle.router.platform.Calls;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.ReadDeadline;
import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/** {@code GET /v1/audit}: events of the audit, newest first, a page at a time. */
public final class AuditEndpoint {

  private static final String PAGE =
      """
      SELECT e.event_id, l.seq, e.at, e.actor, e.role, e.action, e.object, e.reason, e.origin, e.node, e.detail
      FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.event_id
      WHERE ($1::text IS NULL OR e.object = $1) AND ($2::text IS NULL OR e.actor = $2) AND ($3::text IS NULL OR e.action = $3)
        AND ($4::timestamptz IS NULL OR e.at >= $4) AND ($5::bigint IS NULL OR e.event_id < $5)
      ORDER BY e.event_id DESC LIMIT $6
      """;

  private final Pool reading;

  public AuditEndpoint(Pool reading) {
    this.reading = reading;
  }

  public void list(RoutingContext call) {
    Calls.answer(
        call,
        Future.succeededFuture(call.queryParams())
            .map(parameters -> AuditQuery.read(parameters::get))
            .compose(query -> ReadDeadline.keep(page(query))));
  }

  private Future<JsonObject> page(AuditQuery query) {
    return reading
        .preparedQuery(PAGE)
        .execute(
            Tuple.of(
                query.object(),
                query.actor(),
                query.action(),
                query.since(),
                query.before(),
                Limits.AUDIT_PAGE))
        .map(AuditEndpoint::json);
  }

  private static JsonObject json(RowSet<Row> rows) {
    JsonArray events = new JsonArray();
    Long last = null;
    for (Row row : rows) {
      events.add(json(row));
      last = row.getLong("event_id");
    }
    return new JsonObject()
        .put("events", events)
        .put("nextBefore", rows.size() < Limits.AUDIT_PAGE ? null : last);
  }

  private static JsonObject json(Row row) {
    return new JsonObject()
        .put("eventId", row.getLong("event_id"))
        .put("link", row.getLong("seq"))
        .put("at", Times.text(row.getOffsetDateTime("at")))
        .put("actor", row.getString("actor"))
        .put("role", row.getString("role"))
        .put("action", row.getString("action"))
        .put("object", row.getString("object"))
        .put("reason", row.getString("reason"))
        .put("from", row.getString("origin"))
        .put("node", row.getString("node"))
        .put("detail", row.getJsonObject("detail"));
  }
}
