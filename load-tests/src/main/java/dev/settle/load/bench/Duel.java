package dev.settle.load.bench;

import dev.settle.load.stand.Ratios;
import dev.settle.load.stand.Ratios.Pair;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two sides in interleaved rounds A B B A, so that a machine that becomes slower or faster does the
 * same to both. Each A and the B beside it are a pair.
 */
final class Duel {

  private final String name;
  private final Progress progress;
  private final Attempts attempts;
  private final Duration slice;
  private final Preparation before;

  /** What is done before every slice, of either side. */
  @FunctionalInterface
  interface Preparation {
    void run() throws SQLException;
  }

  Duel(String name, Progress progress, Attempts attempts, Duration slice, Preparation before) {
    this.name = name;
    this.progress = progress;
    this.attempts = attempts;
    this.slice = slice;
    this.before = before;
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
        name, round, pair.one(), pair.other(), pair.ratio());
    return pair;
  }

  private double slice(Side side) throws IOException, SQLException, InterruptedException {
    return attempts.measure(
        name,
        () -> {
          before.run();
          return side.measure(slice);
        });
  }
}
