package dev.settle.router.dispatch;

import dev.settle.router.credit.ExceptionAction;
import dev.settle.router.dispatch.OrderedPlan.Named;
import dev.settle.router.dispatch.OrderedPlan.Ordered;
import dev.settle.router.dispatch.ReleaseStore.Released;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.pgclient.data.Interval;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Carries out operators' orders in PostgreSQL, a step in each commit. */
final class OrderStore {

  private static final String RELEASE =
      "SELECT * FROM release_ordered($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)";

  private final Pool pool;
  private final long owner;

  OrderStore(Pool pool, long owner) {
    this.pool = pool;
    this.owner = owner;
  }

  /** An order that is this node's to carry out for a while. */
  record Running(UUID orderId, ExceptionAction action) {}

  /**
   * What a step did.
   *
   * @param done credits that had their turn
   * @param released what of them went on
   */
  record Step(int done, Released released) {}

  /** Orders that run and that no other living node carries out, for {@link Limits#LEASE}. */
  Future<List<Running>> take() {
    return pool.preparedQuery("SELECT * FROM take_exception_orders($1, $2, $3)")
        .execute(Tuple.of(owner, Interval.of(Limits.LEASE), Limits.EXCEPTION_ORDERS_AT_ONCE))
        .map(
            rows -> {
              List<Running> running = new ArrayList<>(rows.size());
              rows.forEach(
                  row ->
                      running.add(
                          new Running(
                              row.getUUID("order_id"),
                              ExceptionAction.valueOf(row.getString("action")))));
              return running;
            });
  }

  /** A step of an order to hold or to hand over: how many credits had their turn. */
  Future<Integer> act(UUID orderId) {
    return pool.preparedQuery("SELECT act_on_exceptions($1, $2)")
        .execute(Tuple.of(orderId, Limits.EXCEPTION_STEP))
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  /** The next departures of an order to release or to re-route. */
  Future<List<Named>> next(UUID orderId) {
    return pool.preparedQuery("SELECT * FROM departures_ordered($1, $2)")
        .execute(Tuple.of(orderId, Limits.EXCEPTION_STEP))
        .map(
            rows -> {
              List<Named> named = new ArrayList<>(rows.size());
              rows.forEach(row -> named.add(named(row)));
              return named;
            });
  }

  private static Named named(Row row) {
    OffsetDateTime next = row.getOffsetDateTime("next_at");
    return new Named(
        ReleaseStore.departure(row), row.getString("was"), next == null ? null : next.toInstant());
  }

  /** Writes what was decided of them; what has changed since is left to the next step. */
  Future<Step> release(UUID orderId, OrderedPlan plan) {
    List<Ordered> ordered = plan.ordered();
    ReleaseColumns columns = new ReleaseColumns(ordered.stream().map(Ordered::verdict).toList());
    Tuple parameters = Tuple.of(orderId, Limits.EXCEPTION_STEP, owner);
    columns
        .addTo(parameters)
        .addArrayOfString(ordered.stream().map(o -> o.named().was()).toArray(String[]::new))
        .addArrayOfString(ordered.stream().map(Ordered::outcome).toArray(String[]::new));
    return pool.preparedQuery(RELEASE)
        .execute(parameters)
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Step(row.getInteger("o_done"), columns.released(row));
            });
  }

  /** Counts a step that failed. */
  Future<Void> failed(UUID orderId) {
    return pool.preparedQuery("SELECT exception_order_failed($1, $2)")
        .execute(Tuple.of(orderId, Limits.EXCEPTION_ORDER_FAULTS))
        .mapEmpty();
  }
}
