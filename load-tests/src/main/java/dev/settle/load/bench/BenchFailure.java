package dev.settle.load.bench;

/** Why there is no result; the message says what to do next. */
final class BenchFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  BenchFailure(String what) {
    super(what);
  }
}
