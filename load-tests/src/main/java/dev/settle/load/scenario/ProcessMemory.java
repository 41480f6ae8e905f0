package dev.settle.load.scenario;

/**
 * What the router's memory may come to in the course of a scenario, in megabytes. A scenario is
 * short and its parts differ, so more is allowed than where the same load is made for long.
 */
final class ProcessMemory {

  private static final double MOST = 1.25;

  private static final long HEAP_MORE = 64;

  /**
   * The process holds what the heap has grown to, which swings with what the collector has not
   * looked at: by 200 MB from the first second to the twentieth of a run, by 170 MB in half an
   * hour. Under the flood it came to 60 MB more than at the peak. A body that is not given back for
   * each upload of a flood is past this bound in seconds: they are megabytes each.
   */
  private static final long RESIDENT_MORE = 256;

  private ProcessMemory() {}

  /** Whether the heap after collections is flat. */
  static boolean flatHeap(long first, long last) {
    return last <= Math.max(MOST * first, first + HEAP_MORE);
  }

  /** Whether what the process holds at most is flat: heap, buffers outside of it, code. */
  static boolean flatResident(long first, long last) {
    return last <= MOST * first + RESIDENT_MORE;
  }
}
