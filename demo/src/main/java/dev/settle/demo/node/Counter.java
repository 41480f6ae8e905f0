package dev.settle.demo.node;

/**
 * A counter of processes that may die: a reading below the last one means that the count began
 * anew, and adds to what was.
 */
public final class Counter {

  private double before;
  private double last;

  /**
   * Takes a reading and returns the whole count, of the process that lives and of those that died.
   */
  public double read(double value) {
    if (value < last) {
      before += last;
    }
    last = value;
    return total();
  }

  public double total() {
    return before + last;
  }
}
