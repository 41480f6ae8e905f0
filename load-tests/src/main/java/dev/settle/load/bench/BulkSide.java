package dev.settle.load.bench;

import dev.settle.load.client.RefusedSlice;
import dev.settle.load.client.Uploads;
import dev.settle.load.stand.BrokenPromise;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** The router, lines of NDJSON in bulk. A slice is so many lines, however long they take. */
final class BulkSide implements Side {

  private final Arena arena;
  private final Uploads uploads;

  BulkSide(Arena arena, int lines) {
    this.arena = arena;
    this.uploads = arena.uploads(lines);
  }

  @Override
  public double measure(Duration unused)
      throws RefusedSlice, IOException, SQLException, InterruptedException {
    uploads.prepare();
    long before = arena.book().accepted();
    long from = System.nanoTime();
    uploads.send();
    double seconds = (System.nanoTime() - from) / 1e9;
    arena.book().awaitPosted();
    uploads.check();
    long recorded = arena.book().accepted() - before;
    if (recorded != uploads.lines()) {
      throw new BrokenPromise(
          "every one of "
              + uploads.lines()
              + " lines was accepted, and the book has "
              + recorded
              + " more: an invariant is broken");
    }
    arena.book().check();
    return uploads.lines() / seconds;
  }
}
