package dev.settle.router.testing;

/** Where tests take their randomness from. */
public final class Seeds {

  private Seeds() {}

  /**
   * A seed for a test, printed; the system property {@code settle.test.seed} repeats an earlier
   * one.
   */
  public static long of(Object test) {
    long seed = Long.getLong("settle.test.seed", System.nanoTime());
    System.out.println(test.getClass().getSimpleName() + ": -Dsettle.test.seed=" + seed);
    return seed;
  }
}
