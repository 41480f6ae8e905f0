package dev.settle.router.audit;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node records beside the changes of tables, which the database records itself. May be used
 * by every event loop at once. What comes in floods is counted: the first of a kind is recorded at
 * once, and how often it came again once in a minute. What cannot be recorded, because the database
 * is away or there is too much of it, is counted, and that is recorded as soon as it can be.
 */
public final class AuditTrail {

  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

  private final Vertx vertx;
  private final AuditStore store;
  private final AuditMetrics metrics;
  private final String node;

  private final Repetitions repetitions = new Repetitions();
  private final Set<Future<Void>> writing = ConcurrentHashMap.newKeySet();
  private final AtomicLong lost = new AtomicLong();

  /**
   * @param node this node's name
   */
  public AuditTrail(Vertx vertx, Pool pool, AuditMetrics metrics, String node) {
    this.vertx = vertx;
    this.store = new AuditStore(pool);
    this.metrics = metrics;
    this.node = node;
  }

  AuditStore store() {
    return store;
  }

  AuditMetrics metrics() {
    return metrics;
  }

  /** Begins to record repetitions. */
  public void start() {
    vertx.setPeriodic(Limits.AUDIT_REPEATS_EVERY.toMillis(), tick -> recordRepeats());
  }

  /** Records an event; durable when it succeeds. A failure is counted as lost. */
  public Future<Void> record(AuditEvent event) {
    return store.record(event, new JsonObject()).onFailure(failure -> lost(1, failure));
  }

  /**
   * Notes a refusal. Neither waits nor fails; the same again within a minute, for the same reason
   * and about the same, is one record with a count.
   */
  public void refused(AuditEvent event) {
    note(event);
  }

  /** Notes that a credential was seen for the first time. Otherwise as {@link #refused}. */
  public void loggedIn(AuditEvent event) {
    note(event);
  }

  private void note(AuditEvent event) {
    metrics.noted(event.action());
    if (repetitions.isFirst(event, writing.size() < Limits.AUDIT_WRITES)) {
      write(event, new JsonObject(), 1);
    }
  }

  /** Records what came again since the last time; done when it is durable or counted as lost. */
  public Future<Void> recordRepeats() {
    // One after the other: a flood of kinds takes no more connections than one.
    Future<Void> written = Future.join(new ArrayList<>(writing)).otherwiseEmpty().mapEmpty();
    for (Repetitions.Counted again : repetitions.take()) {
      written = written.compose(before -> repeated(again.last(), again.count()));
    }
    for (Map.Entry<AuditAction, Long> others : repetitions.takeBeyond().entrySet()) {
      written = written.compose(before -> repeated(many(others.getKey()), others.getValue()));
    }
    return written.compose(done -> recordLoss());
  }

  private Future<Void> repeated(AuditEvent event, long count) {
    return write(event, new JsonObject().put("repeats", count), count);
  }

  private AuditEvent many(AuditAction action) {
    return own(action, "more callers at once than are told apart");
  }

  private AuditEvent own(AuditAction action, String object) {
    return new AuditEvent(action, "router", "", object, null, "", Map.of("node", node));
  }

  /** Never fails. {@code stands} for so many events. */
  private Future<Void> write(AuditEvent event, JsonObject more, long stands) {
    if (writing.size() >= Limits.AUDIT_WRITES) {
      lost.addAndGet(stands);
      metrics.lost(stands);
      return Future.succeededFuture();
    }
    Future<Void> written =
        store
            .record(event, more)
            .onFailure(failure -> lost(stands, failure))
            .compose(durable -> recordLoss())
            .otherwiseEmpty();
    writing.add(written);
    return written.onComplete(done -> writing.remove(written));
  }

  private void lost(long events, Throwable failure) {
    LOG.warn(
        "{} events of the audit could not be recorded; that is recorded later", events, failure);
    lost.addAndGet(events);
    metrics.lost(events);
  }

  private Future<Void> recordLoss() {
    long count = lost.getAndSet(0);
    if (count == 0) {
      return Future.succeededFuture();
    }
    return store
        .record(
            own(AuditAction.RECORDS_LOST, "node " + node), new JsonObject().put("events", count))
        .onFailure(failure -> lost.addAndGet(count))
        .otherwiseEmpty();
  }
}
