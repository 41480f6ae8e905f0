package dev.settle.router.retention;

/** What was done last to a month that leaves; after each, and before each, a crash does no harm. */
public enum ArchiveStep {
  /**
   * Its partition has a constraint that says of which month it is, so that no lock waits for it.
   */
  BOUNDED,
  /** Its credits were counted. */
  COUNTED,
  /** Its credits have left, and this is not committed. */
  LEAVING,
  /** Its credits have left. */
  LEFT,
  /** One piece of what belongs to them has followed, and this is not committed. */
  FOLLOWING,
  /** One piece of what belongs to them has followed. */
  FOLLOWED,
  /** Everything of it is in the archive. */
  DONE
}
