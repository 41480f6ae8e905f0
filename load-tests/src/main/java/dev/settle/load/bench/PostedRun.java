package dev.settle.load.bench;

import dev.settle.load.client.RefusedSlice;
import dev.settle.load.client.Uploads;
import dev.settle.load.stand.BrokenPromise;
import dev.settle.load.stand.Ratios.Pair;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/**
 * From the first accept to the last credit posted at the bank over HTTP, beside how fast the same
 * upload was accepted.
 */
final class PostedRun {

  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  private final Arena arena;
  private final Uploads uploads;

  PostedRun(Arena arena, int credits) {
    this.arena = arena;
    this.uploads = arena.uploads(credits);
  }

  int credits() {
    return uploads.lines();
  }

  /** Posted per second over all of it, and accepted per second while it was uploaded. */
  Pair measure() throws RefusedSlice, IOException, SQLException, InterruptedException {
    uploads.prepare();
    // Of a slice that was refused, the router may have read lines that are still on their way.
    arena.book().awaitPosted();
    arena.book().checkpoint();
    long before = arena.book().posted();
    long from = System.nanoTime();
    double accepting = upload(from);
    arena.book().awaitPosted(LOOK_EVERY);
    double posting = (System.nanoTime() - from) / 1e9;
    uploads.check();
    long posted = arena.book().posted() - before;
    if (posted != uploads.lines()) {
      throw new BrokenPromise(
          "of " + uploads.lines() + " credits " + posted + " were posted: look at /v1/unposted");
    }
    arena.book().check();
    return new Pair(uploads.lines() / posting, uploads.lines() / accepting);
  }

  private double upload(long from) throws RefusedSlice, IOException, InterruptedException {
    uploads.send();
    return (System.nanoTime() - from) / 1e9;
  }
}
