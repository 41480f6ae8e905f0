package dev.settle.load.client;

/** A measurement that does not count, and why: it is made again, a bounded number of times. */
public final class RefusedSlice extends Exception {

  private static final long serialVersionUID = 1;

  public RefusedSlice(String why) {
    super(why);
  }
}
