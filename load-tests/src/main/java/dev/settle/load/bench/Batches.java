package dev.settle.load.bench;

/** Numbers of terminals' batches, so that no transaction is ever offered twice. */
final class Batches {

  private int last;

  int next() {
    return ++last;
  }
}
