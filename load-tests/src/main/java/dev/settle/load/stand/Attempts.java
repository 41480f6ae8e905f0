package dev.settle.load.stand;

import dev.settle.load.client.RefusedSlice;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;

/**
 * Measures what may be refused: a slice with errors, or in which the host took the processors away,
 * is measured again at once; after {@link #MOST} there is no result.
 */
public final class Attempts {

  /** How often one slice is tried. */
  static final int MOST = 4;

  /** The share of all processor time that the host may take away during a slice. */
  static final double MOST_STOLEN = 0.05;

  private final Progress progress;
  private final Clock clock;
  private int refused;

  /** Tells the processors' time. */
  @FunctionalInterface
  public interface Clock {
    /** As it is now. */
    ProcessorTime now() throws IOException;
  }

  /** Something to measure. */
  @FunctionalInterface
  public interface Measurement<T> {
    /** Measures once. */
    T take() throws RefusedSlice, IOException, SQLException, InterruptedException;
  }

  /** Tells {@code progress} of each that is refused. */
  public Attempts(Progress progress, Clock clock) {
    this.progress = progress;
    this.clock = clock;
  }

  /** Slices that were refused so far. */
  public int refused() {
    return refused;
  }

  /**
   * What was measured at last. Throws {@link BrokenPromise} when the last attempt had errors,
   * {@link NotMeasured} when the host took the processors away.
   */
  public <T> T measure(String name, Measurement<T> measurement)
      throws IOException, SQLException, InterruptedException {
    String why = "";
    boolean failed = false;
    for (int attempt = 1; attempt <= MOST; attempt++) {
      ProcessorTime from = clock.now();
      try {
        T result = measurement.take();
        double stolen = clock.now().stolenSince(from);
        if (stolen <= MOST_STOLEN) {
          return result;
        }
        failed = false;
        why =
            String.format(
                Locale.ROOT, "the host took %.0f %% of the processors away", stolen * 100);
      } catch (RefusedSlice refusal) {
        failed = true;
        why = String.valueOf(refusal.getMessage());
      }
      refused++;
      progress.say("%-8s refused: %s", name, why);
    }
    String said = name + ": refused " + MOST + " times in a row, the last time because " + why;
    throw failed
        ? new BrokenPromise(said)
        : new NotMeasured(said + "; run it when the host is quieter");
  }
}
