package dev.settle.router.rail;

import dev.settle.router.platform.Limits;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether a rail is usable, as this node has experienced it: a circuit breaker, and when the bank
 * answered last. While it is closed to us nothing is claimed for the rail, so no attempt is burned
 * and no order lost. Thread-safe; shared by the event loops of a node.
 */
public final class RailGate {

  private final CircuitBreaker breaker;
  private volatile long answeredAt = System.nanoTime();

  /** When the last sent of all requests that were answered had been sent. */
  private final AtomicLong answeredSentAt = new AtomicLong(answeredAt);

  RailGate(String rail) {
    this.breaker =
        CircuitBreaker.of(
            rail,
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(Limits.BREAKER_REQUESTS)
                .minimumNumberOfCalls(Limits.BREAKER_LEAST_REQUESTS)
                .failureRateThreshold(50)
                // By itself: what waits for the rail may wait where nobody knocks.
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .permittedNumberOfCallsInHalfOpenState(Limits.BREAKER_PROBES)
                .waitIntervalFunctionInOpenState(
                    IntervalFunction.ofExponentialBackoff(
                        Limits.BREAKER_PAUSE.toMillis(), 2, Limits.BREAKER_PAUSE_MAX.toMillis()))
                .build());
  }

  /**
   * Takes a permission to make one request, where it is given; each is given back by one of the
   * three below. Half open, only as many are given as probe the rail.
   */
  public boolean tryEnter() {
    return breaker.tryAcquirePermission();
  }

  /** The bank answered what can be understood, so long after it was asked. */
  public void answered(long nanos) {
    long now = System.nanoTime();
    answeredAt = now;
    answeredSentAt.accumulateAndGet(now - nanos, (one, other) -> one - other > 0 ? one : other);
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
  }

  /** The bank did not, and it was the rail's fault. */
  public void failed(long nanos, Throwable cause) {
    breaker.onError(nanos, TimeUnit.NANOSECONDS, cause);
  }

  /** Nothing was learned of the rail. */
  public void left() {
    breaker.releasePermission();
  }

  /** Whether the bank has answered somebody after that time ({@link System#nanoTime}). */
  public boolean answeredSince(long nanos) {
    return answeredAt - nanos > 0;
  }

  /** Whether the bank has answered a request that was sent after that time. */
  public boolean answeredOneSentAfter(long nanos) {
    return answeredSentAt.get() - nanos > 0;
  }

  /** Whether requests are refused for the time being. */
  public boolean isOut() {
    State state = breaker.getState();
    return state == State.OPEN || state == State.FORCED_OPEN;
  }

  /** 0 closed (requests flow), 1 half open (probing), 2 open (requests wait). */
  public int state() {
    return switch (breaker.getState()) {
      case HALF_OPEN -> 1;
      case OPEN, FORCED_OPEN -> 2;
      default -> 0;
    };
  }
}
