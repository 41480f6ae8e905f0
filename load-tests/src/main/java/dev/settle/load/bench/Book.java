package dev.settle.load.bench;

import dev.settle.load.stand.BrokenPromise;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The router's database, looked at from beside. Blocking; belongs to one thread. */
final class Book implements AutoCloseable {

  private static final Duration POSTED_WITHIN = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  /** The index of open batches alone answers it. */
  private static final String UNDER_WAY =
      "SELECT count(*) FROM credit_batch WHERE state IN ('RECORDED', 'SENT', 'IN_DOUBT')";

  /** By the running totals on one side, by what is open on the other, in one snapshot. */
  private static final String CONSERVATION =
      """
      SELECT (SELECT coalesce(sum(accepted_credits - posted_credits), 0) FROM book_total)
           - (SELECT coalesce(sum(credits), 0) FROM unposted),
             (SELECT coalesce(sum(accepted_minor - posted_minor), 0) FROM book_total)
           - (SELECT coalesce(sum(amount_minor), 0) FROM unposted)
      """;

  private final BookAddress address;
  private final Connection connection;

  Book(BookAddress address) throws SQLException {
    this.address = address;
    this.connection = address.connect();
  }

  BookAddress address() {
    return address;
  }

  String text(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  long number(String query) throws SQLException {
    return Long.parseLong(text(query));
  }

  void execute(String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  /** Credits that were ever accepted, by the running totals. */
  long accepted() throws SQLException {
    return number("SELECT coalesce(sum(accepted_credits), 0) FROM book_total");
  }

  /** Credits that were ever posted, by the running totals. */
  long posted() throws SQLException {
    return number("SELECT coalesce(sum(posted_credits), 0) FROM book_total");
  }

  /**
   * Transactions that wrote, since the cluster was made, and each of which had to be flushed: exact
   * at once, where PostgreSQL's own counters of flushes come late.
   */
  long writes() throws SQLException {
    return number("SELECT pg_snapshot_xmax(pg_current_snapshot())");
  }

  /** Batches that are not posted yet. */
  long underWay() throws SQLException {
    return number(UNDER_WAY);
  }

  /** Waits until every batch is posted, two minutes at most. */
  void awaitPosted() throws IOException, SQLException, InterruptedException {
    awaitPosted(LOOK_EVERY);
  }

  /** The same, looking so often. */
  void awaitPosted(Duration every) throws IOException, SQLException, InterruptedException {
    long end = System.nanoTime() + POSTED_WITHIN.toNanos();
    while (underWay() > 0) {
      if (System.nanoTime() - end > 0) {
        throw new BrokenPromise(
            underWay()
                + " batches were not posted within "
                + POSTED_WITHIN.toSeconds()
                + " s; with --keep DIR the router's log is there afterwards");
      }
      TimeUnit.MILLISECONDS.sleep(every.toMillis());
    }
  }

  /** What can be checked at no cost while the demo runs; the end of the demo checks the rest. */
  void check() throws IOException, SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(CONSERVATION)) {
      row.next();
      if (row.getLong(1) != 0 || row.getLong(2) != 0) {
        throw new BrokenPromise(
            "an invariant is broken: accepted less posted less unposted is "
                + row.getLong(1)
                + " credits, "
                + row.getLong(2)
                + " minor units");
      }
    }
  }

  /** Whatever is written from now on is written for the first time since. */
  void checkpoint() throws SQLException {
    execute("CHECKPOINT");
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
