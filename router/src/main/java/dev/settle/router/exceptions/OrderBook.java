package dev.settle.router.exceptions;

import dev.settle.router.platform.Caller;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Orders of operators in PostgreSQL: taken in one commit with their credits, read, stopped. */
public final class OrderBook {

  private static final String CREATE =
      """
      SELECT create_exception_order($1,$2,$3,$4,$5,$6,c.who,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)
      FROM called_by($7, $19, $20) AS c(who)
      """;

  private static final String COLUMNS =
      """
      SELECT o.order_id, o.action, o.selection, o.reason, o.assignee, o.ordered_by, o.ordered_at, o.state, o.total, o.done,
             o.ended_at, o.stopped_by, (
               SELECT jsonb_agg(jsonb_build_object('outcome', t.outcome, 'currency', t.currency, 'credits', t.credits,
                                                   'minor', t.amount_minor))
               FROM exception_order_total t WHERE t.order_id = o.order_id) AS totals
      FROM exception_order o
      """;

  private static final String PAGE =
      COLUMNS
          + """
          WHERE $1::uuid IS NULL OR o.order_no < (SELECT b.order_no FROM exception_order b WHERE b.order_id = $1)
          ORDER BY o.order_no DESC LIMIT $2
          """;

  private final Pool pool;

  public OrderBook(Pool pool) {
    this.pool = pool;
  }

  /** Makes an order; what {@code create_exception_order} says. */
  Future<String> create(Ordering ordering, String by) {
    Selection selection = ordering.selection();
    Tuple parameters =
        Tuple.tuple()
            .addUUID(ordering.orderId())
            .addString(selection.action().name())
            .addJsonObject(selection.json())
            .addBuffer(io.vertx.core.buffer.Buffer.buffer(ordering.fingerprint()))
            .addString(ordering.reason())
            .addString(ordering.assignee())
            .addString(by)
            .addOffsetDateTime(selection.asOf());
    Map<String, Long> minor = ordering.minor();
    return pool.preparedQuery(CREATE)
        .execute(
            Caller.addTo(
                selection
                    .addTo(parameters)
                    .addLong(ordering.count())
                    .addArrayOfString(minor.keySet().toArray(String[]::new))
                    .addArrayOfLong(minor.values().toArray(Long[]::new))
                    .addInteger(Limits.EXCEPTION_ORDER_CREDITS)))
        .map(rows -> rows.iterator().next().getString(0));
  }

  /** Stops one where it is; whether there is such an order. */
  Future<Boolean> stop(UUID orderId, String by) {
    return pool.preparedQuery(
            "SELECT stop_exception_order($1, c.who) FROM called_by($2, $3, $4) AS c(who)")
        .execute(Caller.addTo(Tuple.of(orderId, by)))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** An order as the API shows it, or null when there is none. */
  Future<@Nullable JsonObject> find(UUID orderId) {
    return pool.preparedQuery(COLUMNS + "WHERE o.order_id = $1")
        .execute(Tuple.of(orderId))
        .map(rows -> rows.size() == 0 ? null : json(rows.iterator().next()));
  }

  /**
   * The answer of {@code GET /v1/exceptions/orders}.
   *
   * @param before ordered before this one; null: from the newest on
   */
  Future<JsonObject> page(@Nullable UUID before) {
    return pool.preparedQuery(PAGE)
        .execute(Tuple.of(before, (long) Limits.EXCEPTION_ORDER_PAGE))
        .map(OrderBook::page);
  }

  private static JsonObject page(RowSet<Row> rows) {
    JsonArray orders = new JsonArray();
    String last = null;
    for (Row row : rows) {
      orders.add(json(row));
      last = row.getUUID("order_id").toString();
    }
    return new JsonObject()
        .put("orders", orders)
        .put("nextBefore", rows.size() < Limits.EXCEPTION_ORDER_PAGE ? null : last);
  }

  private static JsonObject json(Row row) {
    Map<String, Sums> sums = sums(row.getJsonArray("totals"));
    Sums ordered = sums.getOrDefault("ORDERED", new Sums());
    Sums changed = sums.getOrDefault("DONE", new Sums());
    JsonArray failed = new JsonArray();
    sums.forEach(
        (outcome, one) -> {
          if (!outcome.equals("ORDERED") && !outcome.equals("DONE")) {
            failed.add(one.addTo(new JsonObject().put("why", outcome)));
          }
        });
    return new JsonObject()
        .put("orderId", row.getUUID("order_id").toString())
        .put("action", row.getString("action"))
        .put("state", row.getString("state"))
        .put("done", row.getInteger("done"))
        .put("total", row.getInteger("total"))
        .put("totalMinor", ordered.minor())
        .put("changed", changed.count())
        .put("changedMinor", changed.minor())
        .put("failed", failed)
        .put("reason", row.getString("reason"))
        .put("assignee", row.getString("assignee"))
        .put("selection", row.getJsonObject("selection"))
        .put("orderedBy", row.getString("ordered_by"))
        .put("orderedAt", Times.text(row.getOffsetDateTime("ordered_at")))
        .put("endedAt", Times.orNull(row.getOffsetDateTime("ended_at")))
        .put("stoppedBy", row.getString("stopped_by"));
  }

  /** By outcome. */
  private static Map<String, Sums> sums(@Nullable JsonArray totals) {
    Map<String, Sums> sums = new TreeMap<>();
    for (int i = 0; totals != null && i < totals.size(); i++) {
      JsonObject total = totals.getJsonObject(i);
      sums.computeIfAbsent(total.getString("outcome"), outcome -> new Sums())
          .add(total.getString("currency"), total.getLong("credits"), total.getLong("minor"));
    }
    return sums;
  }
}
