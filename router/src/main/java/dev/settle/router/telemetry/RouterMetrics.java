package dev.settle.router.telemetry;

import static dev.settle.router.telemetry.MetricName.ACCEPT_SECONDS;
import static dev.settle.router.telemetry.MetricName.COMMIT_BATCH_SIZE;
import static dev.settle.router.telemetry.MetricName.POSTED_LATENCY;

import dev.settle.router.audit.AuditAction;
import dev.settle.router.audit.AuditMetrics;
import dev.settle.router.binding.Bindings;
import dev.settle.router.binding.RouteFeed;
import dev.settle.router.cardchange.CardChangeMetrics;
import dev.settle.router.cardchange.ChangeState;
import dev.settle.router.credit.RecorderMetrics;
import dev.settle.router.dispatch.DispatchMetrics;
import dev.settle.router.edge.EdgeMetrics;
import dev.settle.router.edge.Refusal;
import dev.settle.router.ingest.IngestMetrics;
import dev.settle.router.notification.NotificationMetrics;
import dev.settle.router.rail.RailMetrics;
import dev.settle.router.webhook.Outcome;
import dev.settle.router.webhook.WebhookMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * The counters and histograms of one node. Used by every event loop at once; each call costs tens
 * of nanoseconds.
 */
public final class RouterMetrics
    implements IngestMetrics,
        RecorderMetrics,
        DispatchMetrics,
        RailMetrics,
        Bindings.LookupCounts,
        RouteFeed.StalenessMetrics,
        CardChangeMetrics,
        NotificationMetrics,
        AuditMetrics,
        EdgeMetrics,
        WebhookMetrics {

  private static final Duration[] ACCEPT_BUCKETS =
      Stream.of(1, 2, 5, 10, 15, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);
  private static final Duration[] STALE_BUCKETS =
      Stream.of(1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);
  private static final Duration[] LOOP_BUCKETS =
      Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);
  private static final Duration[] POSTED_BUCKETS =
      Stream.of(
              5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 60_000, 300_000, 3_600_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** What a route that becomes good lets go on. */
  private static final List<String> RELEASABLE =
      List.of(
          "UNKNOWN_MERCHANT",
          "TERMINAL_MISMATCH",
          "NO_BINDING",
          "VERIFICATION_PENDING",
          "MERCHANT_HOLD",
          "ACCOUNT_FROZEN",
          "ACCOUNT_CLOSED",
          "ACCOUNT_RESTRICTED");

  /** What the fence finds most often. */
  private static final List<String> REROUTED = List.of("BINDING_SUPERSEDED", "ACCOUNT_FROZEN");

  /** Reasons that money is refused or comes back for most often. */
  private static final List<String> RETURNED =
      List.of(
          "ACCOUNT_CLOSED", "ACCOUNT_FROZEN", "ACCOUNT_INVALID", "NAME_MISMATCH", "UNSPECIFIED");

  private final PrometheusMeterRegistry registry;
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> overdue = new ConcurrentHashMap<>();
  private final Timer acceptSeconds;
  private final Timer postedLatency;
  private final Timer staleness;
  private final Timer loopDelay;
  private final RecentLateness recent = new RecentLateness();
  private final LongAdder posted = new LongAdder();
  private final AtomicLong behind = new AtomicLong();
  private final AtomicLong behindMillis = new AtomicLong();
  private final AtomicBoolean readThrough = new AtomicBoolean();
  private final AtomicLong webhooksPaused = new AtomicLong();
  private final AtomicLong webhookOldestMillis = new AtomicLong();
  private final AtomicLong webhookBehindMillis = new AtomicLong();
  private final AtomicLong unlinkedSinceNanos = new AtomicLong(System.nanoTime());
  private final AtomicLong unsealedSinceNanos = new AtomicLong(System.nanoTime());
  private final AtomicLong canaryNanos = new AtomicLong(System.nanoTime());
  private final DistributionSummary commitBatchSize;
  private final Counter found;
  private final Counter foundShared;
  private final Counter foundStored;
  private final Counter unknown;

  public RouterMetrics(PrometheusMeterRegistry registry) {
    this.registry = registry;
    this.acceptSeconds = timer(ACCEPT_SECONDS, ACCEPT_BUCKETS);
    this.postedLatency = timer(POSTED_LATENCY, POSTED_BUCKETS);
    this.staleness = timer(MetricName.BINDING_STALENESS, STALE_BUCKETS);
    this.loopDelay = timer(MetricName.EVENT_LOOP_DELAY, LOOP_BUCKETS);
    gauge(MetricName.BINDING_VERSION_LAG, behind::get);
    gauge(MetricName.BINDING_BEHIND, () -> behindMillis.get() / 1e3);
    gauge(MetricName.READ_THROUGH, () -> readThrough.get() ? 1 : 0);
    gauge(MetricName.CANARY_AGE, () -> (System.nanoTime() - canaryNanos.get()) / 1e9);
    // Since when, and not how old it was: what cannot be read any more goes on growing old.
    gauge(MetricName.AUDIT_UNLINKED, () -> (System.nanoTime() - unlinkedSinceNanos.get()) / 1e9);
    gauge(MetricName.AUDIT_UNSEALED, () -> (System.nanoTime() - unsealedSinceNanos.get()) / 1e9);
    gauge(MetricName.WEBHOOK_PAUSED, webhooksPaused::get);
    gauge(MetricName.WEBHOOK_OLDEST, () -> webhookOldestMillis.get() / 1e3);
    gauge(MetricName.WEBHOOK_BEHIND, () -> webhookBehindMillis.get() / 1e3);
    this.commitBatchSize =
        DistributionSummary.builder(COMMIT_BATCH_SIZE.meterName())
            .description(COMMIT_BATCH_SIZE.help())
            .serviceLevelObjectives(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000)
            .register(registry);
    this.found = counter(MetricName.BINDING_LOOKUPS, "local");
    this.foundShared = counter(MetricName.BINDING_LOOKUPS, "shared");
    this.foundStored = counter(MetricName.BINDING_LOOKUPS, "database");
    this.unknown = counter(MetricName.BINDING_LOOKUPS, "unknown");
    // Shown from the start, so that a rate over them has a beginning.
    counter(MetricName.STALE_LOOKUPS_CAUGHT);
    counter(MetricName.SUPERSEDED_DISPATCH);
    counter(MetricName.DISPATCH_FAILURES);
    counter(MetricName.AUDIT_LOST);
    counter(MetricName.AUDIT_SEALED);
    Stream.of(AuditAction.LOGGED_IN, AuditAction.ACCESS_REFUSED, AuditAction.SIGNATURE_REFUSED)
        .forEach(action -> counter(MetricName.AUDIT_NOTED, action.name()));
    counter(MetricName.WEBHOOK_EVENTS);
    Stream.of(Outcome.values())
        .forEach(outcome -> counter(MetricName.WEBHOOK_TRIES, outcome.text()));
    REROUTED.forEach(reason -> counter(MetricName.REROUTED, reason));
    RELEASABLE.forEach(reason -> counter(MetricName.RELEASED, reason));
    Stream.of("accepted", "held", "replayed", "conflict", "refused", "busy", "uncertain", "failed")
        .forEach(outcome -> counter(MetricName.TRANSACTIONS, outcome));
    Stream.of(ChangeState.values())
        .forEach(state -> counter(MetricName.CARD_CHANGES, state.name()));
    Stream.of(Refusal.values()).forEach(why -> counter(MetricName.TURNED_AWAY, why.label()));
    Stream.of("database", "router").forEach(fault -> counter(MetricName.COMMIT_FAILURES, fault));
  }

  private Timer timer(MetricName name, Duration[] buckets) {
    return Timer.builder(name.meterName().replace("_seconds", ""))
        .description(name.help())
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  /**
   * The counter with these values of its labels, in the order in which {@link MetricName} names
   * them.
   */
  private Counter counter(MetricName name, String... labelValues) {
    String key =
        labelValues.length == 0 ? name.name() : name.name() + String.join("\n", labelValues);
    Counter known = counters.get(key);
    return known != null ? known : counters.computeIfAbsent(key, k -> register(name, labelValues));
  }

  private Counter register(MetricName name, String[] labelValues) {
    Counter.Builder builder = Counter.builder(name.meterName()).description(name.help());
    String[] labels = name.labels().isEmpty() ? new String[0] : name.labels().split(",");
    for (int i = 0; i < labels.length; i++) {
      builder.tag(labels[i], labelValues[i]);
    }
    return builder.register(registry);
  }

  /**
   * Shows the figures of a rail from the start, so that a rate over them has a beginning.
   *
   * @param breakerState 0 closed, 1 half open, 2 open
   * @param orderState 0 running, 1 draining, 2 drained, 3 held
   */
  public void rail(String name, IntSupplier breakerState, IntSupplier orderState) {
    counter(MetricName.CREDITS_POSTED, name);
    counter(MetricName.SENDS_IN_DOUBT, name);
    counter(MetricName.UNMAPPED_CODES, name);
    counter(MetricName.BREAKS, name);
    counter(MetricName.SIGNATURES_REFUSED, name);
    NotificationMetrics.TYPES.forEach(
        type -> counter(MetricName.NOTIFICATIONS, name, type, "APPLIED"));
    overdue(name, 0);
    RETURNED.forEach(reason -> counter(MetricName.REJECTED, name, reason));
    RETURNED.forEach(reason -> counter(MetricName.RETURNS, name, reason));
    railGauge(MetricName.BREAKER_STATE, name, breakerState);
    railGauge(MetricName.RAIL_ORDER_STATE, name, orderState);
  }

  private void railGauge(MetricName metric, String rail, IntSupplier value) {
    Gauge.builder(metric.meterName(), value, IntSupplier::getAsInt)
        .description(metric.help())
        .tag("rail", rail)
        .strongReference(true)
        .register(registry);
  }

  /** Credits accepted since the start, held ones included. */
  public double acceptedCredits() {
    return counter(MetricName.TRANSACTIONS, "accepted").count()
        + counter(MetricName.TRANSACTIONS, "held").count();
  }

  /** Credits posted since the start. */
  public double postedCredits() {
    return posted.sum();
  }

  /** How late this node came to route by the changes of the last minute. */
  public RecentLateness recentLateness() {
    return recent;
  }

  /** Changed routes that are not in use yet. */
  public long routesBehind() {
    return behind.get();
  }

  /** Shows how long it is until a rail next takes no more transfers. */
  public void cutOff(String rail, DoubleSupplier seconds) {
    Gauge.builder(MetricName.RAIL_CUT_OFF.meterName(), seconds, DoubleSupplier::getAsDouble)
        .description(MetricName.RAIL_CUT_OFF.help())
        .tag("rail", rail)
        .strongReference(true)
        .register(registry);
  }

  /** A timer of an event loop was so late. */
  public void eventLoopDelay(long nanos) {
    loopDelay.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Shows a value of this node that is read at every scrape. */
  public void gauge(MetricName name, DoubleSupplier value) {
    Gauge.builder(name.meterName(), value, DoubleSupplier::getAsDouble)
        .description(name.help())
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void answered(String outcome) {
    counter(MetricName.TRANSACTIONS, outcome).increment();
  }

  @Override
  public void acceptedWithin(long nanos) {
    acceptSeconds.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void commitOf(int rows) {
    commitBatchSize.record(rows);
  }

  @Override
  public void commitFailed(boolean ours) {
    counter(MetricName.COMMIT_FAILURES, ours ? "router" : "database").increment();
  }

  @Override
  public void posted(
      String rail, String currency, int credits, long amountMinor, Instant recordedAt) {
    counter(MetricName.CREDITS_POSTED, rail).increment(credits);
    posted.add(credits);
    counter(MetricName.POSTED_AMOUNT, currency).increment((double) amountMinor);
    Duration latency = Duration.between(recordedAt, Instant.now());
    for (int i = 0; i < credits; i++) {
      postedLatency.record(latency);
    }
  }

  @Override
  public void stale(Duration late) {
    staleness.record(late);
    recent.add(late);
  }

  @Override
  public void behind(int routes) {
    behind.set(routes);
  }

  @Override
  public void canary() {
    canaryNanos.set(System.nanoTime());
  }

  @Override
  public void fresh(Duration oldest, boolean asksDatabase) {
    behindMillis.set(oldest.toMillis());
    readThrough.set(asksDatabase);
  }

  @Override
  public void staleCaught(int credits) {
    counter(MetricName.STALE_LOOKUPS_CAUGHT).increment(credits);
  }

  @Override
  public void rerouted(String reason, int credits) {
    counter(MetricName.REROUTED, reason).increment(credits);
  }

  @Override
  public void released(String reason, int credits) {
    counter(MetricName.RELEASED, reason).increment(credits);
  }

  @Override
  public void superseded(long credits) {
    counter(MetricName.SUPERSEDED_DISPATCH).increment((double) credits);
  }

  @Override
  public void rejected(String rail, String reason, int credits) {
    counter(MetricName.REJECTED, rail, reason).increment(credits);
  }

  @Override
  public void returned(String rail, String reason) {
    counter(MetricName.RETURNS, rail, reason).increment();
  }

  @Override
  public void overdue(String rail, long credits) {
    overdue.computeIfAbsent(rail, this::overdueGauge).set(credits);
  }

  private AtomicLong overdueGauge(String rail) {
    AtomicLong value = new AtomicLong();
    Gauge.builder(MetricName.OVERDUE.meterName(), value, AtomicLong::doubleValue)
        .description(MetricName.OVERDUE.help())
        .tag("rail", rail)
        .register(registry);
    return value;
  }

  @Override
  public void breakOpened(String rail) {
    counter(MetricName.BREAKS, rail).increment();
  }

  @Override
  public void inDoubt(String rail) {
    counter(MetricName.SENDS_IN_DOUBT, rail).increment();
  }

  @Override
  public void writeFailed() {
    counter(MetricName.DISPATCH_FAILURES).increment();
  }

  @Override
  public void unmappedCode(String rail) {
    counter(MetricName.UNMAPPED_CODES, rail).increment();
  }

  @Override
  public void cardChanges(ChangeState to, long changes) {
    counter(MetricName.CARD_CHANGES, to.name()).increment(changes);
  }

  @Override
  public void notified(String rail, String type, String outcome) {
    counter(MetricName.NOTIFICATIONS, rail, type, outcome).increment();
  }

  /** Shows the codes that calls can be refused with, from the start. */
  public void refusalCodes(Iterable<String> codes) {
    codes.forEach(code -> counter(MetricName.CALLS_REFUSED, code));
  }

  /** A call was refused for who made it. */
  public void callRefused(String code) {
    counter(MetricName.CALLS_REFUSED, code).increment();
  }

  @Override
  public void signatureRefused(String rail) {
    counter(MetricName.SIGNATURES_REFUSED, rail).increment();
  }

  @Override
  public void turnedAway(Refusal why) {
    counter(MetricName.TURNED_AWAY, why.label()).increment();
  }

  @Override
  public void local(int routes) {
    found.increment(routes);
  }

  @Override
  public void shared(int routes) {
    foundShared.increment(routes);
  }

  @Override
  public void database(int routes) {
    foundStored.increment(routes);
  }

  @Override
  public void unknown(int merchants) {
    unknown.increment(merchants);
  }

  @Override
  public void noted(AuditAction action) {
    counter(MetricName.AUDIT_NOTED, action.name()).increment();
  }

  @Override
  public void lost(long events) {
    counter(MetricName.AUDIT_LOST).increment((double) events);
  }

  @Override
  public void creditsSealed(long credits) {
    counter(MetricName.AUDIT_SEALED).increment((double) credits);
  }

  @Override
  public void auditBehind(Duration unlinked, Duration unsealed) {
    long now = System.nanoTime();
    unlinkedSinceNanos.set(now - unlinked.toNanos());
    unsealedSinceNanos.set(now - unsealed.toNanos());
  }

  @Override
  public void webhookTried(Outcome outcome) {
    counter(MetricName.WEBHOOK_TRIES, outcome.text()).increment();
  }

  @Override
  public void webhookEvents(long events) {
    counter(MetricName.WEBHOOK_EVENTS).increment((double) events);
  }

  @Override
  public void webhooks(long paused, Duration oldest, Duration behind) {
    webhooksPaused.set(paused);
    webhookOldestMillis.set(oldest.toMillis());
    webhookBehindMillis.set(behind.toMillis());
  }
}
