package dev.settle.load.growth;

import dev.settle.load.client.Programs.Running;
import dev.settle.load.client.Wrk;
import dev.settle.load.stand.BrokenPromise;
import dev.settle.load.stand.NotMeasured;
import dev.settle.load.stand.Stand;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/**
 * Terminals that sell while something else is looked at. They do sell: it begins when the first
 * sales are in the book, and {@link #stillSells} says whether they did to the end.
 */
final class Meanwhile implements AutoCloseable {

  private static final Duration BEGINS_WITHIN = Duration.ofSeconds(10);
  private static final String ACCEPTED =
      "SELECT coalesce(sum(accepted_credits), 0) FROM book_total";

  private final Stand stand;
  private final Running load;
  private final double perSecond;

  /** When the first sales were seen, and how many credits there were then. */
  private long from;

  private long before;

  private Meanwhile(Stand stand, Running load, double perSecond) {
    this.stand = stand;
    this.load = load;
    this.perSecond = perSecond;
  }

  /**
   * Begins, and returns when sales are recorded.
   *
   * @param longest after which they stop by themselves
   */
  static Meanwhile begin(Stand stand, Wrk wrk, int connections, Duration longest, double perSecond)
      throws IOException, SQLException, InterruptedException {
    long idle = accepted(stand);
    Meanwhile meanwhile =
        new Meanwhile(stand, wrk.paced(connections, longest, perSecond), perSecond);
    try {
      meanwhile.awaitFirst(idle);
      return meanwhile;
    } catch (IOException | SQLException | InterruptedException failed) {
      try (meanwhile) {
        throw failed;
      }
    }
  }

  private void awaitFirst(long idle) throws IOException, SQLException, InterruptedException {
    long end = System.nanoTime() + BEGINS_WITHIN.toNanos();
    do {
      if (!load.process().isAlive()) {
        throw new NotMeasured("wrk ended at once: " + Files.readString(load.output()).strip());
      }
      if (System.nanoTime() - end > 0) {
        throw new BrokenPromise("no sale was recorded within " + BEGINS_WITHIN.toSeconds() + " s");
      }
      Thread.sleep(50);
      from = System.nanoTime();
      before = accepted(stand);
    } while (before == idle);
  }

  /** Throws {@link BrokenPromise} unless half of what was due since the beginning was sold. */
  void stillSells() throws IOException, SQLException {
    long sold = accepted(stand) - before;
    double due = perSecond * (System.nanoTime() - from) / 1e9;
    if (!load.process().isAlive() || sold < due / 2) {
      throw new BrokenPromise(
          String.format(
              Locale.ROOT, "meanwhile %d sales were recorded of %.0f that were due", sold, due));
    }
  }

  private static long accepted(Stand stand) throws SQLException {
    try (Connection connection = stand.connect()) {
      return Stand.queryLong(connection, ACCEPTED);
    }
  }

  /** Ends; returns when everything is posted. */
  @Override
  public void close() throws IOException, SQLException, InterruptedException {
    load.stop();
    stand.awaitPosted();
  }
}
