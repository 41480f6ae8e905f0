package dev.settle.router.dispatch;

/**
 * How many consignments of a lane may be under way at once: one more after a round of good answers
 * while others wait, half as many after a bad one (additive increase, multiplicative decrease, as
 * TCP does it). A rail that comes back after an outage is so met with one at a time first. Pure.
 */
final class Pace {

  private final int most;
  private double atOnce;

  /**
   * @param most the bound
   */
  Pace(int first, int most) {
    this.most = most;
    this.atOnce = Math.min(first, most);
  }

  int atOnce() {
    return (int) atOnce;
  }

  /**
   * @param answered whether the bank answered in time
   * @param wanted whether others waited; nothing is learned of what is not asked for
   */
  void ended(boolean answered, boolean wanted) {
    if (!answered) {
      atOnce = Math.max(1, atOnce / 2);
    } else if (wanted) {
      atOnce = Math.min(most, atOnce + 1 / atOnce);
    }
  }
}
