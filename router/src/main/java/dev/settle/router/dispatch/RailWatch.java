package dev.settle.router.dispatch;

import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.CutOff;
import dev.settle.router.rail.Rail;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the database, every second, which rails this node cannot use and why, so that whoever asks
 * for the reason of what waits is told. Writes only what changed. Belongs to one event loop.
 */
public final class RailWatch {

  private static final Logger LOG = LoggerFactory.getLogger(RailWatch.class);

  private static final String OUT =
      """
      INSERT INTO rail_outage (node_id, rail, reason) VALUES ($1, $2, $3)
      ON CONFLICT (node_id, rail) DO UPDATE SET reason = excluded.reason, since = excluded.since
      """;
  private static final String BACK = "DELETE FROM rail_outage WHERE node_id = $1 AND rail = $2";

  private final Vertx vertx;
  private final DispatchParts parts;
  private final Map<String, Reason> told = new HashMap<>();
  private boolean telling;

  public RailWatch(Vertx vertx, DispatchParts parts) {
    this.vertx = vertx;
    this.parts = parts;
  }

  public void start() {
    vertx.setPeriodic(Limits.RAIL_WATCH_EVERY.toMillis(), tick -> look());
  }

  private void look() {
    if (telling) {
      return;
    }
    telling = true;
    Future<Void> all = Future.succeededFuture();
    for (Rail rail : parts.rails().all()) {
      all = all.compose(before -> tell(rail));
    }
    all.onFailure(failure -> LOG.warn("a rail's outage could not be told", failure))
        .onComplete(done -> telling = false);
  }

  private Future<Void> tell(Rail rail) {
    Reason now = reason(rail);
    Reason before = told.get(rail.name());
    if (now == before) {
      return Future.succeededFuture();
    }
    LOG.warn("rail {} is {}", rail.name(), now == null ? "usable again" : "out: " + now);
    Tuple key = Tuple.of(parts.owner(), rail.name());
    return parts
        .pool()
        .preparedQuery(now == null ? BACK : OUT)
        .execute(now == null ? key : key.addString(now.name()))
        .onSuccess(
            done -> {
              if (now == null) {
                told.remove(rail.name());
              } else {
                told.put(rail.name(), now);
              }
            })
        .mapEmpty();
  }

  private @Nullable Reason reason(Rail rail) {
    CutOff cutOff = rail.capabilities().cutOff();
    if (cutOff != null && !cutOff.isOpen(parts.clock().instant())) {
      return Reason.CUTOFF_WAIT;
    }
    return parts.rails().gate(rail).isOut() ? Reason.RAIL_UNAVAILABLE : null;
  }
}
