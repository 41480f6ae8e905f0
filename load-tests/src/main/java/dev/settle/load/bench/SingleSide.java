package dev.settle.load.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The router, one transaction for each HTTP request, by {@code wrk}: in a closed loop, or with a
 * pause before each request, exponentially distributed, so that requests come as if from terminals
 * that know nothing of each other (an open loop, as long as answers take much less than pauses).
 */
final class SingleSide implements Side {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

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
        WrkReport.parse(
            arena
                .programs()
                .run(
                    List.of(
                        "wrk",
                        "-t2",
                        "-c" + connections,
                        "-d" + length.toSeconds() + "s",
                        "--latency",
                        "-s",
                        arena.script("single.lua"),
                        arena.demo().api()),
                    Map.of(
                        "TOKEN", arena.demo().token(),
                        "BATCH", String.valueOf(arena.batches().next()),
                        "PAUSE_MILLIS", String.valueOf(pauseMillis),
                        "MERCHANTS", String.valueOf(Sale.MERCHANTS)),
                    length.plus(PATIENCE)));
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
