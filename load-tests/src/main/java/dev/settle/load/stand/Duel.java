package dev.settle.load.stand;

import dev.settle.load.stand.Ratios.Pair;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two sides in interleaved rounds A B B A, so that a machine that becomes slower or faster does the
 * same to both. Each A and the B beside it are a pair.
 */
public final class Duel {

  private final String name;
  private final String one;
  private final String other;
  private final Progress progress;

  /** One side, for a while. */
  @FunctionalInterface
  public interface Slice {
    /** What was durable per second; returns when nothing of it is under way any more. */
    double perSecond() throws IOException, SQLException, InterruptedException;
  }

  /**
   * Prepares.
   *
   * @param name of what is measured
   * @param one what the side that it is about is called
   * @param other what the side beside it is called
   */
  public Duel(String name, String one, String other, Progress progress) {
    this.name = name;
    this.one = one;
    this.other = other;
    this.progress = progress;
  }

  /** So many rounds, of two pairs each; tells each pair when it is there. */
  public Ratios play(Slice a, Slice b, int rounds)
      throws IOException, SQLException, InterruptedException {
    List<Pair> pairs = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      double a1 = a.perSecond();
      double b1 = b.perSecond();
      pairs.add(said(round, new Pair(a1, b1)));
      double b2 = b.perSecond();
      double a2 = a.perSecond();
      pairs.add(said(round, new Pair(a2, b2)));
    }
    return new Ratios(pairs);
  }

  private Pair said(int round, Pair pair) {
    progress.say(
        "%-8s round %d   %s %,9.0f/s   %s %,9.0f/s   ratio %.2f",
        name, round, one, pair.one(), other, pair.other(), pair.ratio());
    return pair;
  }
}
