package dev.settle.load.bench;

import dev.settle.load.client.RefusedSlice;
import dev.settle.load.client.WrkReport;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The router, one transaction for each HTTP request: in a closed loop, or with a pause before each
 * request.
 */
final class SingleSide implements Side {

  private final Arena arena;
  private final int connections;
  private final double pauseMillis;
  private @Nullable Spent spent;

  SingleSide(Arena arena, int connections) {
    this(arena, connections, 0);
  }

  /**
   * @param pauseMillis the mean pause of a connection before a request; 0: none
   */
  SingleSide(Arena arena, int connections, double pauseMillis) {
    this.arena = arena;
    this.connections = connections;
    this.pauseMillis = pauseMillis;
  }

  @Override
  public double measure(Duration length)
      throws RefusedSlice, IOException, SQLException, InterruptedException {
    return report(length).perSecond();
  }

  WrkReport report(Duration length)
      throws RefusedSlice, IOException, SQLException, InterruptedException {
    long before = arena.book().accepted();
    Spent spentBefore = Spent.untilNow(arena.demo(), arena.book());
    WrkReport report =
        pauseMillis > 0
            ? arena.wrk().pausing(connections, length, pauseMillis)
            : arena.wrk().closed(connections, length);
    arena.book().awaitPosted();
    long accepted = arena.book().accepted() - before;
    if (accepted < report.answers()) {
      throw new BenchFailure(
          "terminals were told of "
              + report.answers()
              + " credits and the book has "
              + accepted
              + ": an invariant is broken");
    }
    // What was under way at the end is recorded, and not counted by wrk.
    if (accepted > report.answers() + connections) {
      throw new RefusedSlice(
          "wrk saw " + report.answers() + " answers, the book has " + accepted + " credits");
    }
    arena.book().check();
    spent = Spent.untilNow(arena.demo(), arena.book()).minus(spentBefore).per(accepted);
    return report;
  }

  /** What each credit of the last slice cost. */
  Spent spent() {
    if (spent == null) {
      throw new IllegalStateException("nothing was measured");
    }
    return spent;
  }
}
