package dev.settle.load.stand;

import java.io.IOException;

/**
 * The router did not do what it promises, so that a run cannot go on: it ended by itself, or gave
 * an answer that it must not give. Apart from what keeps a run from being made at all.
 */
public final class BrokenPromise extends IOException {

  private static final long serialVersionUID = 1;

  public BrokenPromise(String what) {
    super(what);
  }
}
