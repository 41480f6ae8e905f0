package dev.settle.load.soak;

import dev.settle.load.stand.Freezes;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes sample after sample while the load is on, and keeps one account after the other frozen for
 * a moment. What has no answer once is counted, for half an hour is too long to be lost by it; it
 * is the end when nothing has an answer any more. A turn that comes too late is left out: samples
 * of no time say nothing.
 */
final class Sampling {

  /** Samples without an answer, one after the other, after which nobody is asked any more. */
  static final int MOST_IN_A_ROW = 5;

  /** Of all samples, so many may be missed. */
  private static final double MOST_MISSED = 0.05;

  private final Looking looking;
  private final Orders orders;
  private final SampleLog log;
  private final Consumer<Sample> taken;
  private int asked;
  private int missed;
  private int missedInARow;
  private int ordersFailed;
  private String lastMissed = "";
  private String lastFailed = "";
  private long frozen;

  /** What {@link Sampler#take} does. */
  interface Looking {
    Sample take() throws IOException, SQLException, InterruptedException;
  }

  /** What {@link Freezes} does. */
  interface Orders {
    long freeze() throws IOException, InterruptedException;

    void thaw(long account) throws IOException, InterruptedException;

    static Orders by(Freezes freezes) {
      return new Orders() {
        @Override
        public long freeze() throws IOException, InterruptedException {
          return freezes.freeze();
        }

        @Override
        public void thaw(long account) throws IOException, InterruptedException {
          freezes.thaw(account);
        }
      };
    }
  }

  /**
   * Prepares.
   *
   * @param taken hears of each sample
   */
  Sampling(Looking looking, Orders orders, SampleLog log, Consumer<Sample> taken) {
    this.looking = looking;
    this.orders = orders;
    this.log = log;
    this.taken = taken;
  }

  /** Goes on for {@code length}; false when it was given up before. */
  boolean run(Duration length, Duration every) throws InterruptedException {
    long first = System.nanoTime();
    boolean answered = true;
    long turn = 1;
    while (answered && turn * every.toNanos() < length.toNanos()) {
      long wait = first + turn * every.toNanos() - System.nanoTime();
      Thread.sleep(Math.max(0, wait / 1_000_000));
      answered = look();
      order();
      turn = Math.max(turn, (System.nanoTime() - first) / every.toNanos()) + 1;
    }
    if (frozen != 0) {
      order();
    }
    return answered;
  }

  private boolean look() throws InterruptedException {
    asked++;
    try {
      Sample sample = looking.take();
      missedInARow = 0;
      log.add(sample);
      taken.accept(sample);
    } catch (IOException | SQLException noAnswer) {
      missed++;
      missedInARow++;
      lastMissed = String.valueOf(noAnswer);
    }
    return missedInARow < MOST_IN_A_ROW;
  }

  /** Every second sample sees an account frozen; one that could not be thawed is thawed later. */
  private void order() throws InterruptedException {
    try {
      if (frozen != 0) {
        orders.thaw(frozen);
        frozen = 0;
      } else if (asked % 2 == 0) {
        frozen = orders.freeze();
      }
    } catch (IOException noAnswer) {
      ordersFailed++;
      lastFailed = String.valueOf(noAnswer);
    }
  }

  /** Samples that could not be taken. */
  int missed() {
    return missed;
  }

  /**
   * What is not as promised of it: orders are answered, and so are samples, but for one of twenty.
   */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    if (missedInARow >= MOST_IN_A_ROW) {
      faults.add(missedInARow + " samples in a row had no answer; last: " + lastMissed);
    } else if (missed > asked * MOST_MISSED) {
      faults.add(missed + " of " + asked + " samples had no answer; last: " + lastMissed);
    }
    if (ordersFailed > 0) {
      faults.add(ordersFailed + " freezes or thaws failed; last: " + lastFailed);
    }
    return faults;
  }
}
