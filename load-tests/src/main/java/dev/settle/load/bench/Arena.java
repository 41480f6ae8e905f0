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

  String script(String name) {
    return scripts.resolve(name).toString();
  }
}
