package dev.settle.router.railorder;

import dev.settle.router.platform.Caller;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Times;
import dev.settle.router.rail.RailStops.State;
import dev.settle.router.rail.RailStops.Stop;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Orders about rails in PostgreSQL: each step is one commit. */
public final class RailOrderStore {

  private static final String COLUMNS =
      """
      SELECT o.order_id, o.rail, o.kind, o.reason, o.state, o.proposed_by, o.proposed_at, o.decided_by, o.decided_at,
             o.decision_reason
      FROM rail_order o
      """;

  private static final String PAGE =
      COLUMNS
          + """
      WHERE ($1::text IS NULL OR o.state = $1) AND ($2::bigint IS NULL OR o.order_id < $2)
      ORDER BY o.order_id DESC LIMIT $3
      """;

  private static final String IN_FORCE =
      """
      SELECT s.rail, s.state, s.since, o.proposed_by, o.decided_by, o.reason
      FROM rail_stop s JOIN rail_order o USING (order_id)
      """;

  private final Pool pool;

  public RailOrderStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * What became of a proposal.
   *
   * @param outcome as {@code propose_rail_order} says
   * @param id of the order; null: there is none
   */
  record Proposed(String outcome, @Nullable Long id) {}

  Future<Proposed> propose(String rail, Proposal proposal, String by) {
    return pool.preparedQuery(
            "SELECT p.* FROM called_by($4, $5, $6) AS c(who) CROSS JOIN LATERAL propose_rail_order($1, $2, $3, c.who) p")
        .execute(Caller.addTo(Tuple.of(rail, proposal.kind(), proposal.reason(), by)))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Proposed(row.getString("o_outcome"), row.getLong("o_id"));
            });
  }

  /** Approves one; what {@code approve_rail_order} says of it. */
  Future<String> approve(long id, String by) {
    return pool.preparedQuery(
            "SELECT approve_rail_order($1, c.who) FROM called_by($2, $3, $4) AS c(who)")
        .execute(Caller.addTo(Tuple.of(id, by)))
        .map(rows -> rows.iterator().next().getString(0));
  }

  /** Rejects one; what {@code reject_rail_order} says of it. */
  Future<String> reject(long id, String by, String why) {
    return pool.preparedQuery(
            "SELECT reject_rail_order($1, c.who, $3) FROM called_by($2, $4, $5) AS c(who)")
        .execute(Caller.addTo(Tuple.of(id, by, why)))
        .map(rows -> rows.iterator().next().getString(0));
  }

  /** An order as the API shows it, or null when there is none. */
  Future<@Nullable JsonObject> find(long id) {
    return pool.preparedQuery(COLUMNS + "WHERE o.order_id = $1")
        .execute(Tuple.of(id))
        .map(rows -> rows.size() == 0 ? null : json(rows.iterator().next()));
  }

  /**
   * The answer of {@code GET /v1/rail-orders}.
   *
   * @param state only those that stand so; null: all
   * @param before proposed before this one; null: from the newest on
   */
  Future<JsonObject> page(@Nullable String state, @Nullable Long before) {
    return pool.preparedQuery(PAGE)
        .execute(Tuple.of(state, before, (long) Limits.RAIL_ORDER_PAGE))
        .map(
            rows -> {
              JsonArray orders = new JsonArray();
              String last = null;
              for (Row row : rows) {
                orders.add(json(row));
                last = RailOrderId.text(row.getLong("order_id"));
              }
              return new JsonObject()
                  .put("orders", orders)
                  .put("nextBefore", rows.size() < Limits.RAIL_ORDER_PAGE ? null : last);
            });
  }

  /** How each rail that does not run stands, since when, by whom and why, by its name. */
  Future<Map<String, JsonObject>> inForce() {
    return pool.preparedQuery(IN_FORCE)
        .execute()
        .map(
            rows -> {
              Map<String, JsonObject> stops = new HashMap<>();
              for (Row row : rows) {
                stops.put(
                    row.getString("rail"),
                    new JsonObject()
                        .put("state", row.getString("state"))
                        .put("heldSince", Times.text(row.getOffsetDateTime("since")))
                        .put("heldBy", row.getString("proposed_by"))
                        .put("approvedBy", row.getString("decided_by"))
                        .put("reason", row.getString("reason")));
              }
              return stops;
            });
  }

  /** The rails that do not run, for those who send. */
  Future<Map<String, Stop>> stops() {
    return pool.preparedQuery("SELECT rail, state, drain_to FROM rail_stop")
        .execute()
        .map(
            rows -> {
              Map<String, Stop> stops = new HashMap<>();
              for (Row row : rows) {
                stops.put(
                    row.getString("rail"),
                    new Stop(State.valueOf(row.getString("state")), row.getLong("drain_to")));
              }
              return stops;
            });
  }

  /** Marks those that have nothing more to send of what they drain. */
  Future<Void> markDrained() {
    return pool.preparedQuery("SELECT mark_drained_rails()").execute().mapEmpty();
  }

  private static JsonObject json(Row row) {
    return new JsonObject()
        .put("orderId", RailOrderId.text(row.getLong("order_id")))
        .put("rail", row.getString("rail"))
        .put("order", row.getString("kind"))
        .put("reason", row.getString("reason"))
        .put("state", row.getString("state"))
        .put("proposedBy", row.getString("proposed_by"))
        .put("proposedAt", Times.text(row.getOffsetDateTime("proposed_at")))
        .put("decidedBy", row.getString("decided_by"))
        .put("decidedAt", Times.orNull(row.getOffsetDateTime("decided_at")))
        .put("decisionReason", row.getString("decision_reason"));
  }
}
