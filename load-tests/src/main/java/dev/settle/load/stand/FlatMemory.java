package dev.settle.load.stand;

/**
 * When a router's memory counts as flat: it may grow by a fifth, or by some megabytes, which are
 * noise. For the heap without garbage and for what a process holds, in megabytes, between two times
 * at which the router did the same.
 */
public final class FlatMemory {

  private static final double MOST = 1.2;

  private static final double NOISE_MEGABYTES = 16;

  private FlatMemory() {}

  /** True when it is. */
  public static boolean is(double fromMegabytes, double toMegabytes) {
    return toMegabytes <= Math.max(fromMegabytes * MOST, fromMegabytes + NOISE_MEGABYTES);
  }
}
