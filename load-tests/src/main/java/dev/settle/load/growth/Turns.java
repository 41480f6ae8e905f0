package dev.settle.load.growth;

import dev.settle.load.stand.Ratios.Pair;
import java.util.List;

/**
 * Two books in interleaved rounds: young, grown, grown, young. A machine that becomes slower or
 * faster does the same to both, and neighbours are a pair.
 */
final class Turns {

  /** Loads one of them for a while; what it recorded per second. */
  @FunctionalInterface
  interface Slice {
    double perSecond() throws Exception;
  }

  private Turns() {}

  /** One round; what the grown one did beside the young one, in the order of time. */
  static List<Pair> round(Slice young, Slice grown) throws Exception {
    double before = young.perSecond();
    Pair first = new Pair(grown.perSecond(), before);
    double after = grown.perSecond();
    return List.of(first, new Pair(after, young.perSecond()));
  }
}
