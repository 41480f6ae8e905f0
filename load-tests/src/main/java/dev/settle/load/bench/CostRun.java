package dev.settle.load.bench;

import dev.settle.load.client.RefusedSlice;
import dev.settle.load.client.Uploads;
import dev.settle.load.stand.BrokenPromise;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a credit costs, from its request to its posting: a fixed workload in bulk, and all that was
 * spent until the last of it was posted. The same workload goes before it, right after a
 * checkpoint, so that fewer pages are logged as a whole for their first change since.
 */
final class CostRun {

  /**
   * A process of PostgreSQL tells what it counted with its first commit that is a second younger
   * than the last one it told with.
   */
  private static final Duration TELLS_AGAIN_AFTER = Duration.ofMillis(1_100);

  private static final int LAST_WORDS = 400;

  private final Arena arena;
  private final Uploads uploads;

  CostRun(Arena arena, int credits) {
    this.arena = arena;
    this.uploads = arena.uploads(credits);
  }

  /** For each credit. */
  Spent measure() throws RefusedSlice, IOException, SQLException, InterruptedException {
    arena.book().checkpoint();
    uploads.prepare();
    uploads.send();
    arena.book().awaitPosted();
    uploads.prepare();
    haveAllTold();
    long credits = arena.book().accepted();
    Spent before = Spent.untilNow(arena.demo(), arena.book());
    uploads.send();
    arena.book().awaitPosted();
    haveAllTold();
    Spent after = Spent.untilNow(arena.demo(), arena.book());
    uploads.check();
    arena.book().check();
    long accepted = arena.book().accepted() - credits;
    if (accepted != uploads.lines() + LAST_WORDS) {
      throw new BrokenPromise(
          (uploads.lines() + LAST_WORDS) + " lines were uploaded, and the book has " + accepted);
    }
    return after.minus(before).per(accepted);
  }

  /** A few credits more, which make every process tell what it counted. */
  private void haveAllTold() throws RefusedSlice, IOException, SQLException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(TELLS_AGAIN_AFTER.toMillis());
    Uploads last = arena.uploads(LAST_WORDS, "last");
    last.prepare();
    last.send();
    last.check();
    arena.book().awaitPosted();
  }
}
