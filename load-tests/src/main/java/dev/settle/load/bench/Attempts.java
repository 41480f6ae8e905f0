package dev.settle.load.bench;

import dev.settle.load.client.RefusedSlice;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;

/**
 * Measures what may be refused: a slice with errors, or in which the host took the processors away,
 * is measured again at once; after {@link #MOST} there is no result.
 */
final class Attempts {

  /** How often one slice is tried. */
  static final int MOST = 4;

  /** The share of all processor time that the host may take away during a slice. */
  static final double MOST_STOLEN = 0.05;

  private final Progress progress;
  private final Clock clock;
  private int refused;

  /** Tells the processors' time. */
  @FunctionalInterface
  interface Clock {
    ProcessorTime now() throws IOException;
  }

  /** Something to measure. */
  @FunctionalInterface
  interface Measurement<T> {
    T take() throws RefusedSlice, IOException, SQLException, InterruptedException;
  }

  Attempts(Progress progress, Clock clock) {
    this.progress = progress;
    this.clock = clock;
  }

  /** Slices that were refused so far. */
  int refused() {
    return refused;
  }

  /** What was measured at last. */
  <T> T measure(String name, Measurement<T> measurement)
      throws IOException, SQLException, InterruptedException {
    String why = "";
    for (int attempt = 1; attempt <= MOST; attempt++) {
      ProcessorTime from = clock.now();
      try {
        T result = measurement.take();
        double stolen = clock.now().stolenSince(from);
        if (stolen <= MOST_STOLEN) {
          return result;
        }
        why =
            String.format(
                Locale.ROOT, "the host took %.0f %% of the processors away", stolen * 100);
      } catch (RefusedSlice refusal) {
        why = String.valueOf(refusal.getMessage());
      }
      refused++;
      progress.say("%-8s refused, and measured again: %s", name, why);
    }
    throw new BenchFailure(
        name + ": refused " + MOST + " times in a row, the last time because " + why);
  }
}
