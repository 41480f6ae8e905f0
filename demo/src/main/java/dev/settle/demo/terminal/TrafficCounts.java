package dev.settle.demo.terminal;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the terminals saw, counted by them and read by the status line and the summary. */
public final class TrafficCounts {

  /** Sales, repeats and bad ones that were sent at least once. */
  public final LongAdder offered = new LongAdder();

  /**
   * Those that the rate asked for and that were not sent, because too many waited for answers or
   * the machine was late.
   */
  public final LongAdder notOffered = new LongAdder();

  /** Sales that were acknowledged. */
  public final LongAdder acknowledged = new LongAdder();

  /** Repeats that were answered with their first credit. */
  public final LongAdder repeated = new LongAdder();

  /** Bad ones that were refused, as they must be. */
  public final LongAdder refused = new LongAdder();

  /** Times that the same was sent once more, because the answer was 503, lost or no decision. */
  public final LongAdder resent = new LongAdder();

  /** Requests that got no answer, or a 5xx that does not say when to come back. */
  public final LongAdder failed = new LongAdder();

  /** Sales that got no answer before the run ended: the router may hold them or not. */
  public final LongAdder unanswered = new LongAdder();

  /** Answers that break a promise: see {@link #firstSurprise()}. */
  public final LongAdder surprises = new LongAdder();

  private final AtomicReference<@Nullable String> firstSurprise = new AtomicReference<>();
  private final AtomicReference<@Nullable String> lastFailure = new AtomicReference<>();

  void surprise(String what) {
    surprises.increment();
    firstSurprise.compareAndSet(null, what);
  }

  /**
   * The first answer that a terminal must never get: another credit for the same sale, a bad sale
   * taken, a good one refused.
   */
  public @Nullable String firstSurprise() {
    return firstSurprise.get();
  }

  void failed(String how) {
    failed.increment();
    lastFailure.set(how);
  }

  /** How the last request failed. */
  public @Nullable String lastFailure() {
    return lastFailure.get();
  }

  /** Whether the router ever gave a terminal an answer. */
  public boolean anyAnswer() {
    return acknowledged.sum() + repeated.sum() + refused.sum() + surprises.sum() > 0;
  }
}
