package dev.settle.load.bench;

import dev.settle.load.bench.Ratios.Pair;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two sides in interleaved rounds A B B A, so that a machine that becomes slower or faster does the
 * same to both. A slice with errors, or in which the host took the processors away, is measured
 * again at once; after {@link #ATTEMPTS} there is no result.
 */
final class Duel {

  /** How often one slice is tried. */
  static final int ATTEMPTS = 4;

  /** The share of all processor time that the host may take away during a slice. */
  static final double MOST_STOLEN = 0.05;

  private final String name;
  private final Progress progress;
  private final Duration slice;
  private final ThrowingRunnable before;
  private int refused;

  /** What is done before every slice, of either side. */
  @FunctionalInterface
  interface ThrowingRunnable {
    void run() throws SQLException;
  }

  Duel(String name, Progress progress, Duration slice, ThrowingRunnable before) {
    this.name = name;
    this.progress = progress;
    this.slice = slice;
    this.before = before;
  }

  /** Slices that were refused so far. */
  int refused() {
    return refused;
  }

  Ratios play(Side router, Side peer, int rounds)
      throws IOException, SQLException, InterruptedException {
    List<Pair> pairs = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      double a1 = slice(router);
      double b1 = slice(peer);
      pairs.add(said(round, new Pair(a1, b1)));
      double b2 = slice(peer);
      double a2 = slice(router);
      pairs.add(said(round, new Pair(a2, b2)));
    }
    return new Ratios(pairs);
  }

  private Pair said(int round, Pair pair) {
    progress.say(
        "%-8s round %d   router %,9.0f/s   peer %,9.0f/s   ratio %.2f",
        name, round, pair.router(), pair.peer(), pair.ratio());
    return pair;
  }

  private double slice(Side side) throws IOException, SQLException, InterruptedException {
    String why = "";
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      before.run();
      ProcessorTime from = ProcessorTime.now();
      try {
        double rate = side.measure(slice);
        double stolen = ProcessorTime.now().stolenSince(from);
        if (stolen <= MOST_STOLEN) {
          return rate;
        }
        why = String.format("the host took %.0f %% of the processors away", stolen * 100);
      } catch (RefusedSlice refusal) {
        why = String.valueOf(refusal.getMessage());
      }
      refused++;
      progress.say("%-8s a slice is refused and measured again: %s", name, why);
    }
    throw new BenchFailure(
        name + ": " + ATTEMPTS + " slices in a row were refused, the last because " + why);
  }
}
