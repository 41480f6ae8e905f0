package dev.settle.router.binding;

import dev.settle.router.binding.Staleness.Change;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.data.Interval;
import io.vertx.pgclient.pubsub.PgSubscriber;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's routes fresh when the cluster does not: PostgreSQL notifies each change
 * (LISTEN), and every second the tail of changes is read, which misses none. What this node's heap
 * has older is read anew; what only the cluster's map may have older is taken out of it. Measures
 * by the way how stale the routes of this node are, with a canary that changes every second when no
 * merchant does; over the budget this node looks routes up in PostgreSQL until it is fresh again.
 *
 * <p>Belongs to one event loop.
 */
public final class RouteFeed {

  /** The route that is rewritten to be seen; no merchant can be called so. */
  static final String CANARY = "~canary";

  private static final Logger LOG = LoggerFactory.getLogger(RouteFeed.class);
  private static final String CHANNEL = "route_changed";

  private final Vertx vertx;
  private final Pool pool;
  private final Supplier<PgSubscriber> subscribers;
  private final Bindings bindings;
  private final Duration budget;
  private final StalenessMetrics metrics;
  private final Staleness staleness;
  private final Map<String, Consumer<String>> others = new HashMap<>();
  private final Map<String, Integer> notified = new HashMap<>();
  private final List<Runnable> missed = new ArrayList<>();
  private boolean deaf;
  private PgSubscriber subscriber;
  private long heardNanos = System.nanoTime();
  private @Nullable String since;
  private int canary;
  private long canaryNanos = System.nanoTime();
  private long lookedNanos = System.nanoTime();
  private boolean looking;
  private boolean overBudget;
  private long timer;

  /** What is counted of it. */
  public interface StalenessMetrics {
    /** A change was in use so long after it was made. */
    void stale(Duration late);

    /** Changed routes that are not in use yet. */
    void behind(int routes);

    /** A new canary is in use. */
    void canary();

    /**
     * Looked at anew.
     *
     * @param oldest for how long the oldest change is not in use; zero: none
     * @param readThrough whether this node asks PostgreSQL for every route
     */
    void fresh(Duration oldest, boolean readThrough);
  }

  /**
   * @param subscribers makes a connection of its own, which connects again by itself when it is cut
   * @param budget how stale routes may be before this node asks PostgreSQL for every one
   */
  public RouteFeed(
      Vertx vertx,
      Pool pool,
      Supplier<PgSubscriber> subscribers,
      Bindings bindings,
      Duration budget,
      StalenessMetrics metrics) {
    this.vertx = vertx;
    this.pool = pool;
    this.subscribers = subscribers;
    this.subscriber = subscribers.get();
    this.bindings = bindings;
    this.budget = budget;
    this.metrics = metrics;
    this.staleness = bindings.staleness();
  }

  /**
   * Hears another channel too, on the same line, which the canary proves to be alive. To be called
   * before the start.
   *
   * @param notice is given each payload
   * @param atALoss called when the line is back after it was lost: notices may have been missed
   */
  public void alsoHear(String channel, Consumer<String> notice, Runnable atALoss) {
    others.put(channel, notice);
    missed.add(atALoss);
  }

  /** Listens before the first look, so that nothing falls between them. */
  public Future<Void> start() {
    return listen()
        .compose(connected -> look())
        .compose(looked -> bindings.refresh(List.of(CANARY)))
        .onSuccess(
            read -> timer = vertx.setPeriodic(Limits.ROUTE_FEED_EVERY.toMillis(), tick -> run()))
        .mapEmpty();
  }

  private Future<Void> listen() {
    heardNanos = System.nanoTime();
    subscriber.reconnectPolicy(
        retries -> {
          deaf = true;
          return Limits.ROUTE_FEED_EVERY.toMillis();
        });
    subscriber.channel(CHANNEL).handler(this::notified);
    others.forEach((channel, notice) -> subscriber.channel(channel).handler(notice::accept));
    return subscriber.connect();
  }

  /** A line that is dead without a word looks like one on which nothing is notified. */
  private void listenAnewWhenSilent() {
    if (System.nanoTime() - heardNanos < Limits.ROUTE_NOTICE_SILENCE.toNanos()) {
      return;
    }
    LOG.warn("PostgreSQL notifies of nothing, not even of the canary: listening on a new line");
    deaf = true;
    subscriber
        .close()
        .onFailure(failure -> LOG.debug("the silent line could not be closed", failure));
    subscriber = subscribers.get();
    listen().onFailure(failure -> LOG.warn("cannot listen; trying again", failure));
  }

  public Future<Void> stop() {
    vertx.cancelTimer(timer);
    return subscriber.close();
  }

  /** The cluster's own word comes at about the same time; only what it did not bring is read. */
  private void notified(String payload) {
    heardNanos = System.nanoTime();
    if (deaf) {
      deaf = false;
      missed.forEach(Runnable::run);
    }
    int space = payload.lastIndexOf(' ');
    if (!payload.matches("\\S+ \\d{1,9}")) {
      LOG.warn("somebody notifies what is no change of a route; the next look misses none");
      return;
    }
    if (notified.isEmpty()) {
      vertx.setTimer(Limits.ROUTE_FEED_PATIENCE.toMillis(), tick -> hearNotified());
    }
    notified.merge(
        payload.substring(0, space), Integer.valueOf(payload.substring(space + 1)), Math::max);
  }

  private void hearNotified() {
    Map<String, Integer> heard = Map.copyOf(notified);
    notified.clear();
    bindings
        .hear(heard)
        .onFailure(
            failure -> LOG.warn("changed routes were not read; the next look does it", failure));
  }

  private void run() {
    judge();
    listenAnewWhenSilent();
    if (looking) {
      return;
    }
    looking = true;
    rewriteCanary()
        .compose(written -> look())
        .onFailure(
            failure ->
                LOG.warn("changed routes were not looked for; the next look does it", failure))
        .onComplete(done -> looking = false);
  }

  private Future<Void> rewriteCanary() {
    return pool.preparedQuery("SELECT rewrite_canary($1)")
        .execute(Tuple.of(Interval.of(Limits.CANARY_EVERY)))
        .compose(
            rows ->
                rows.iterator().next().getInteger(0) == null
                    ? Future.succeededFuture()
                    : bindings.announce(CANARY));
  }

  private Future<Void> look() {
    long before = System.nanoTime();
    return pool.preparedQuery(
            "SELECT o_merchant, o_version, o_changed_at, o_next::text AS next, o_more, o_now"
                + " FROM route_tail($1::text::xid8, $2)")
        .execute(Tuple.of(since, Limits.ROUTE_TAIL))
        .compose(
            rows -> {
              Map<String, Change> changes = new HashMap<>();
              for (Row row : rows) {
                staleness.clock(
                    row.getOffsetDateTime("o_now").toInstant(), before, System.nanoTime());
                since = row.getString("next");
                if (row.getString("o_merchant") != null) {
                  Change change = change(row);
                  changes.put(change.merchantId(), change);
                }
                if (row.getBoolean("o_more")) {
                  LOG.warn(
                      "more than {} routes changed at once: all are read anew", Limits.ROUTE_TAIL);
                  bindings.forgetAll();
                }
              }
              return hear(changes);
            })
        .onSuccess(
            heard -> {
              lookedNanos = before;
              judge();
            });
  }

  private static Change change(Row row) {
    return new Change(
        row.getString("o_merchant"),
        row.getInteger("o_version"),
        row.getOffsetDateTime("o_changed_at").toInstant());
  }

  private Future<Void> hear(Map<String, Change> changes) {
    staleness.open().forEach(open -> changes.putIfAbsent(open.merchantId(), open));
    measure(changes);
    Map<String, Integer> versions = new HashMap<>();
    changes.values().forEach(change -> versions.put(change.merchantId(), change.version()));
    return bindings.hear(versions).onSuccess(read -> measure(changes));
  }

  private void measure(Map<String, Change> changes) {
    for (Change change : changes.values()) {
      Integer inUse = bindings.versionInUse(change.merchantId());
      Duration late =
          staleness.changed(change.merchantId(), change.version(), change.changedAt(), inUse);
      if (late != null) {
        metrics.stale(late);
      }
    }
    metrics.behind(staleness.behind());
    Integer sung = bindings.versionInUse(CANARY);
    if (sung != null && sung > canary) {
      canary = sung;
      canaryNanos = System.nanoTime();
      metrics.canary();
    }
  }

  /** Silence is no freshness: neither the database's nor the canary's. */
  private void judge() {
    Duration silent = Duration.ofNanos(System.nanoTime() - Math.min(canaryNanos, lookedNanos));
    Duration stale = staleness.oldest();
    boolean over =
        stale.compareTo(budget) > 0
            || silent.minus(Limits.CANARY_EVERY).minus(Limits.ROUTE_FEED_EVERY).compareTo(budget)
                > 0;
    metrics.fresh(stale, over);
    if (over != overBudget) {
      overBudget = over;
      bindings.readThrough(over);
      if (over) {
        LOG.warn(
            "routes are stale by {} ms, the canary is silent for {} ms, the budget is {} ms: routes are"
                + " read from PostgreSQL",
            stale.toMillis(),
            silent.toMillis(),
            budget.toMillis());
      } else {
        LOG.info("routes are fresh again");
      }
    }
  }

  /** {@code ok}, or why this node asks PostgreSQL for every route. */
  public String health() {
    return overBudget ? "stale: routes are read from PostgreSQL" : "ok";
  }
}
