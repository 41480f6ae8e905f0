package dev.settle.load.bench;

import java.nio.file.Path;

/**
 * What everybody in a run needs.
 *
 * @param demo the router, its bank and its database, without traffic of its own
 * @param scripts where the scripts of wrk and pgbench are
 * @param work for files of this run
 */
record Arena(
    DemoProcess demo, Book book, Programs programs, Path scripts, Path work, Batches batches) {

  /** Merchants that sell, each with one terminal. */
  static final int MERCHANTS = 200;

  /** Numbers of terminals' batches, so that no transaction is ever offered twice. */
  static final class Batches {
    private int last;

    int next() {
      return ++last;
    }
  }

  int nextBatch() {
    return batches.next();
  }

  String script(String name) {
    return scripts.resolve(name).toString();
  }
}
