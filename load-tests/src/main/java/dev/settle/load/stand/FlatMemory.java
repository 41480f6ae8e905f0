package dev.settle.load.stand;

/**
 * When a router's memory counts as flat: it may grow by a fifth, and below some megabytes growth is
 * noise. For heap after a collection and for what a process holds, in megabytes, between two times
 * at which the router did the same.
 */
public final class FlatMemory {

  /** What it may have grown to, of what it was. */
  public static final double MOST = 1.2;

  /** So much is flat, whatever it was. */
  public static final double LEAST_MEGABYTES = 64;

  private FlatMemory() {}

  /** True when it is. */
  public static boolean is(double fromMegabytes, double toMegabytes) {
    return toMegabytes <= Math.max(fromMegabytes * MOST, LEAST_MEGABYTES);
  }
}
