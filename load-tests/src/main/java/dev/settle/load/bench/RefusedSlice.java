package dev.settle.load.bench;

/** A measurement that does not count, and why: it is made again, a bounded number of times. */
final class RefusedSlice extends Exception {

  private static final long serialVersionUID = 1;

  RefusedSlice(String why) {
    super(why);
  }
}
