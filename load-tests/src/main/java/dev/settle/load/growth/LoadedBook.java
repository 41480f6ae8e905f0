package dev.settle.load.growth;

import dev.settle.load.client.Programs;
import dev.settle.load.client.Terminals;
import dev.settle.load.client.UploadFiles;
import dev.settle.load.client.Uploads;
import dev.settle.load.client.Wrk;
import dev.settle.load.stand.RouterProcess;
import dev.settle.load.stand.Stand;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One of the two books that load is made on by turns.
 *
 * @param stand its database, bank and router
 * @param wrk that makes its single sales
 * @param uploads that make its bulk
 * @param router whose memory is looked at
 */
record LoadedBook(Stand stand, Wrk wrk, Uploads uploads, RouterProcess router)
    implements AutoCloseable {

  /**
   * Nothing is sold yet.
   *
   * @param folder for what is uploaded and answered
   * @param lines of an upload
   */
  static LoadedBook of(Stand stand, Path folder, int lines) throws IOException {
    Programs programs = new Programs(folder);
    Terminals terminals = stand.terminals(GrowthOptions.MERCHANTS);
    return new LoadedBook(
        stand,
        new Wrk(programs, terminals),
        new Uploads(programs, terminals, new UploadFiles(folder, "upload", lines)),
        RouterProcess.attach(stand.routerPid()));
  }

  /** Whatever is written from now on is written for the first time since. */
  void checkpoint() throws SQLException {
    try (Connection connection = stand.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
    }
  }

  /** Looks no more; the stand goes on. */
  @Override
  public void close() {
    router.close();
  }
}
