package dev.settle.load.bench;

import dev.settle.load.client.Batches;
import dev.settle.load.client.Programs;
import dev.settle.load.client.Terminals;
import dev.settle.load.client.UploadFiles;
import dev.settle.load.client.Uploads;
import dev.settle.load.client.Wrk;
import java.nio.file.Path;

/**
 * What everybody in a run needs.
 *
 * @param demo the router, its bank and its database, without traffic of its own
 * @param scripts where the scripts of pgbench are
 * @param work for files of this run
 */
record Arena(
    DemoProcess demo, Book book, Programs programs, Path scripts, Path work, Batches batches) {

  /** Merchants that sell. */
  static final int MERCHANTS = 200;

  Terminals terminals() {
    return new Terminals(demo.api(), demo.token(), MERCHANTS, batches);
  }

  Wrk wrk() {
    return new Wrk(programs, terminals());
  }

  /** Uploads of so many lines, in files that are called so. */
  Uploads uploads(int lines, String name) {
    return new Uploads(programs, terminals(), new UploadFiles(work, name, lines));
  }

  Uploads uploads(int lines) {
    return uploads(lines, "upload");
  }

  String script(String name) {
    return scripts.resolve(name).toString();
  }
}
