package dev.settle.load.client;

/** Numbers of terminals' batches, so that no transaction is ever offered twice. */
public final class Batches {

  private int last;

  /** One that nobody had before. */
  public int next() {
    return ++last;
  }
}
