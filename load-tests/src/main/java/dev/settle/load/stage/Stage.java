package dev.settle.load.stage;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One run: the target, how much for how long, and what was answered so far. Gatling makes a
 * scenario's object itself and hands it nothing, so that the run stands in one place of this
 * process: {@link #current}.
 */
public final class Stage {

  /** A terminal's batch numbers that one run uses: one for each of its {@link #sales}. */
  private static final int BATCHES_OF_A_RUN = 10;

  /** Lower ones belong to the demo's own terminals. */
  private static final int FIRST_BATCH = 110_000;

  private static final Duration LONGEST_RAMP = Duration.ofSeconds(10);
  private static final int RAMP_SHARE = 4;

  private static volatile @Nullable Stage current;

  private final Target target;
  private final Calls calls;
  private final int rate;
  private final Duration lasts;
  private final Journal journal;
  private final Tally tally = new Tally();
  private final Instant began = Instant.now();
  private final AtomicInteger nextBatch;
  private volatile String phase = "ramp";
  private volatile @Nullable Watch watch;
  private volatile long acceptedBefore;
  private @Nullable Sales common;

  /**
   * @param rate what the scenario's rate is, of whatever it counts
   * @param lasts from the first request to the last, the ramp included
   * @param journal of what was acknowledged
   */
  public Stage(Target target, int rate, Duration lasts, Journal journal) {
    this.target = target;
    this.calls = new Calls(target);
    this.rate = rate;
    this.lasts = lasts;
    this.journal = journal;
    // Two runs on one router, begun in different seconds of a day, share no batch.
    int secondOfDay = LocalTime.ofInstant(began, ZoneOffset.UTC).toSecondOfDay();
    this.nextBatch = new AtomicInteger(FIRST_BATCH + secondOfDay * BATCHES_OF_A_RUN);
  }

  /** The run of this process. */
  public static Stage current() {
    Stage stage = current;
    if (stage == null) {
      throw new IllegalStateException("scenarios are run by bin/settle load");
    }
    return stage;
  }

  /** Makes this the run of this process. */
  public void open() {
    current = this;
  }

  public Target target() {
    return target;
  }

  public Calls calls() {
    return calls;
  }

  public int rate() {
    return rate;
  }

  public Duration lasts() {
    return lasts;
  }

  /** In which the rate rises from nothing. */
  public Duration ramp() {
    Duration share = lasts.dividedBy(RAMP_SHARE);
    return share.compareTo(LONGEST_RAMP) < 0 ? share : LONGEST_RAMP;
  }

  /** A part of the whole. */
  public Duration part(double part) {
    return Duration.ofMillis(Math.round(lasts.toMillis() * part));
  }

  /** A part of what comes after the ramp. */
  public Duration share(double part) {
    return Duration.ofMillis(Math.round(lasts.minus(ramp()).toMillis() * part));
  }

  /** What is seen of the router while the run goes on. */
  public Watch watch() {
    Watch looking = watch;
    if (looking == null) {
      throw new IllegalStateException("nobody watches yet");
    }
    return looking;
  }

  /**
   * From now on it is watched by this one, which has seen how many transactions the router had
   * accepted before.
   */
  void watchedBy(Watch watching, long accepted) {
    watch = watching;
    acceptedBefore = accepted;
  }

  /** How many transactions the router had accepted before the run, as far as it says. */
  public long acceptedBefore() {
    return acceptedBefore;
  }

  public Tally tally() {
    return tally;
  }

  public Journal journal() {
    return journal;
  }

  /** Which part of the run it is; requests are counted by it. */
  public String phase() {
    return phase;
  }

  /** Begins the next part of the run. */
  public void phase(String next) {
    phase = next;
  }

  /** New sales of some merchants, which share no key with any others. */
  public Sales sales(int firstMerchant, int merchants) {
    return new Sales(firstMerchant, merchants, nextBatch.getAndIncrement(), began);
  }

  /** The same new sales of all merchants for all simulations of a run, each taken once. */
  public synchronized Sales common() {
    Sales sales = common;
    if (sales == null) {
      sales = sales();
      common = sales;
    }
    return sales;
  }

  /** New sales of all merchants. */
  public Sales sales() {
    return sales(1, target.merchants());
  }
}
