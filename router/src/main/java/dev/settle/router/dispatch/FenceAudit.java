package dev.settle.router.dispatch;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every two seconds at what this node claimed, whether any of it carried a superseded
 * version, and counts it. It shares no code with the claim, and would see it fail.
 *
 * <p>What it looks at ends where the look before began, so that claims of that moment have been
 * committed since. It costs one small query unless a route changed within the last minute; {@code
 * verify} is the check without such bounds. Belongs to one event loop.
 */
public final class FenceAudit {

  private static final Logger LOG = LoggerFactory.getLogger(FenceAudit.class);
  private static final String NOW =
      "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM fence_order";

  private final Vertx vertx;
  private final Pool pool;
  private final long owner;
  private final DispatchMetrics metrics;

  /** Where the sequence stood at the last looks, the oldest first. */
  private final ArrayDeque<Long> looks = new ArrayDeque<>();

  private long audited;
  private boolean running;

  /**
   * @param owner the node's lease id
   */
  public FenceAudit(Vertx vertx, Pool pool, long owner, DispatchMetrics metrics) {
    this.vertx = vertx;
    this.pool = pool;
    this.owner = owner;
    this.metrics = metrics;
  }

  public void start() {
    run();
    vertx.setPeriodic(Limits.AUDIT_EVERY.toMillis(), tick -> run());
  }

  private void run() {
    if (running) {
      return;
    }
    running = true;
    look()
        .onFailure(failure -> LOG.warn("the fence was not audited; the next look does it", failure))
        .onComplete(done -> running = false);
  }

  private Future<Void> look() {
    return pool.preparedQuery(NOW)
        .execute()
        .map(rows -> rows.iterator().next().getLong(0))
        .compose(
            now -> {
              Long to = looks.peekLast();
              return to == null
                  ? begin(now)
                  : count(to, looks.element()).onSuccess(counted -> took(now, to));
            });
  }

  /** The first look is at the start: with its new id, this node has claimed nothing before. */
  private Future<Void> begin(long now) {
    audited = now;
    looks.add(now);
    return Future.succeededFuture();
  }

  private Future<Void> count(long to, long changesAfter) {
    return pool.preparedQuery("SELECT superseded_dispatches($1, $2, $3, $4)")
        .execute(Tuple.of(owner, audited, to, changesAfter))
        .map(rows -> rows.iterator().next().getLong(0))
        .onSuccess(this::report)
        .mapEmpty();
  }

  private void took(long now, long to) {
    audited = to;
    looks.add(now);
    if (looks.size() > Limits.AUDIT_LOOKS) {
      looks.remove();
    }
  }

  private void report(long credits) {
    if (credits > 0) {
      LOG.error(
          "{} credits were claimed by a superseded version: the fence does not hold", credits);
    }
    metrics.superseded(credits);
  }
}
