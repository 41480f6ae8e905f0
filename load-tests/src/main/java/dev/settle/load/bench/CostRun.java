package dev.settle.load.bench;

import dev.settle.load.client.RefusedSlice;
import dev.settle.load.client.Uploads;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a credit costs, from its request to its posting: a fixed workload in bulk, and all that was
 * spent until the last of it was posted. The same workload goes before it, right after a
 * checkpoint, so that no page is logged as a whole for its first change since.
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
    return after.minus(before).per(arena.book().accepted() - credits);
  }

  /** A few credits more, which make every process tell what it counted. */
  private void haveAllTold() throws RefusedSlice, IOException, SQLException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(TELLS_AGAIN_AFTER.toMillis());
    Uploads last = arena.uploads(LAST_WORDS, "last");
    last.prepare();
    last.send();
    arena.book().awaitPosted();
  }
}
