package dev.settle.router.edge;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.settle.router.access.AccessHandler;
import dev.settle.router.access.Principal;
import dev.settle.router.access.Role;
import dev.settle.router.access.Route;
import dev.settle.router.platform.CallerLimits;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.NdjsonExchange.LineHandler;
import dev.settle.router.platform.Problem;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How often a caller may call this node: a bucket of tokens for each person, and for each acquirer
 * one that is counted in transactions. A caller whose bucket is empty is answered 429 before his
 * body is read, unless that is signed, with the time that it takes until there is a token again; an
 * upload that has begun waits for its tokens. Nothing here blocks or keeps a timer, and what a
 * limit that is off costs is nothing. Thread-safe.
 */
public final class RateLimits {

  private static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private final CallerLimits limits;
  private final Function<Principal, String> acquirerOf;
  private final EdgeMetrics metrics;
  private final Consumer<RefusedCaller> record;
  private final LoadingCache<String, Bucket> persons;
  private final LoadingCache<String, Bucket> acquirers;

  /**
   * @param acquirerOf in whose name a terminal's caller sends
   * @param record hears of each refusal
   */
  public RateLimits(
      CallerLimits limits,
      Function<Principal, String> acquirerOf,
      EdgeMetrics metrics,
      Consumer<RefusedCaller> record) {
    this.limits = limits;
    this.acquirerOf = acquirerOf;
    this.metrics = metrics;
    this.record = record;
    this.persons = buckets(limits.personPerSecond());
    this.acquirers = buckets(limits.acquirerPerSecond());
  }

  private static LoadingCache<String, Bucket> buckets(int perSecond) {
    long each = Math.max(1, perSecond);
    return Caffeine.newBuilder()
        .maximumSize(Limits.RATED_CALLERS)
        .expireAfterAccess(FORGOTTEN)
        .build(
            caller ->
                Bucket.builder()
                    .withNanosecondPrecision()
                    .addLimit(
                        limit ->
                            limit
                                .capacity(each * Limits.RATE_BURST)
                                .refillGreedy(each, Duration.ofSeconds(1)))
                    .build());
  }

  /** The route's handler, behind the limits of whoever may call it. */
  public Handler<RoutingContext> before(Route route, Handler<RoutingContext> handler) {
    boolean terminals = route.roles().contains(Role.TERMINAL) && limits.acquirerPerSecond() > 0;
    boolean people =
        route.roles().stream().anyMatch(role -> role != Role.TERMINAL)
            && limits.personPerSecond() > 0;
    return terminals || people ? call -> pass(route, call, handler) : handler;
  }

  private void pass(Route route, RoutingContext call, Handler<RoutingContext> handler) {
    Bucket bucket = bucket(AccessHandler.caller(call));
    ConsumptionProbe probe = bucket == null ? null : bucket.tryConsumeAndReturnRemaining(1);
    if (probe == null || probe.isConsumed()) {
      handler.handle(call);
    } else {
      refuse(route, call, probe.getNanosToWaitForRefill());
    }
  }

  private @Nullable Bucket bucket(Principal caller) {
    if (caller.role() == Role.TERMINAL) {
      return limits.acquirerPerSecond() == 0 ? null : acquirers.get(acquirerOf.apply(caller));
    }
    return limits.personPerSecond() == 0 ? null : persons.get(caller.subject());
  }

  private void refuse(Route route, RoutingContext call, long waitNanos) {
    Principal caller = AccessHandler.caller(call);
    boolean terminal = caller.role() == Role.TERMINAL;
    Refusal why = terminal ? Refusal.ACQUIRER_RATE : Refusal.PERSON_RATE;
    metrics.turnedAway(why);
    record.accept(
        new RefusedCaller(caller, route, why, call.request().remoteAddress().hostAddress()));
    long seconds = TimeUnit.NANOSECONDS.toSeconds(waitNanos) + 1;
    call.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
    new Problem(
            429,
            "rate-limited",
            null,
            (terminal
                    ? "An acquirer may send " + limits.acquirerPerSecond() + " transactions"
                    : "A person may make " + limits.personPerSecond() + " calls")
                + " a second here; send the same again after Retry-After seconds"
                + Problem.SIGNED_ANEW)
        .answer(call.request());
  }

  /** The lines of a caller's upload, each of which takes a token and waits for it. */
  public LineHandler paced(Vertx vertx, RoutingContext call, LineHandler lines) {
    Bucket bucket = bucket(AccessHandler.caller(call));
    return bucket == null ? lines : new PacedLines(vertx, bucket, lines);
  }
}
