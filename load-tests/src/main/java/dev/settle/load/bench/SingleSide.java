package dev.settle.load.bench;

import dev.settle.load.client.RefusedSlice;
import dev.settle.load.client.Wrk;
import dev.settle.load.client.WrkReport;
import dev.settle.load.stand.BrokenPromise;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The router, one transaction for each HTTP request: in a closed loop, or so many a second by a
 * clock that does not wait for answers.
 */
final class SingleSide implements Side {

  /** Of what is due, so much has to be sent; else it is the client that is measured. */
  private static final double LEAST_SENT = 0.95;

  private final Arena arena;
  private final int connections;
  private final double perSecond;
  private @Nullable Spent spent;

  SingleSide(Arena arena, int connections) {
    this(arena, connections, 0);
  }

  /**
   * @param perSecond requests that are due each second; 0: the next when the one before is answered
   */
  SingleSide(Arena arena, int connections, double perSecond) {
    this.arena = arena;
    this.connections = connections;
    this.perSecond = perSecond;
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
        perSecond > 0
            ? Wrk.report(arena.wrk().paced(connections, length, perSecond), length)
            : arena.wrk().closed(connections, length);
    arena.book().awaitPosted();
    long accepted = arena.book().accepted() - before;
    if (accepted < report.answers()) {
      throw new BrokenPromise(
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
    if (report.perSecond() < LEAST_SENT * perSecond) {
      throw new RefusedSlice(
          String.format(
              "%,.0f a second were due and %,.0f were sent", perSecond, report.perSecond()));
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
