package dev.settle.router.reconciliation;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.StatementEntry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * One run: the statement is read from {@link #statementSince} on and handed to {@link #take}, then
 * the books are compared, then the differences are gone through. Blocking, on a connection of its
 * own, by one thread after the other. Holds a page of differences or of accounts in memory, and
 * nothing that grows with the window: that is on the database's disk, about 400 bytes for each
 * transfer until the connection is closed.
 */
public final class Reconciliation implements AutoCloseable {

  private static final String SORT_MEMORY = "64MB";

  private final Connection connection;
  private final String rail;
  private final AccountCipher cipher;
  private final AccountMarks marks = new AccountMarks();
  private final Comparison comparison;
  private final Instant wholeSince;
  private final Instant fresh;
  private final StatementTable statement;

  /**
   * Finds out what part of the statement is needed.
   *
   * @param cipher opens our account numbers, to be compared with the bank's
   */
  public Reconciliation(Connection connection, String rail, Window window, AccountCipher cipher)
      throws SQLException {
    this.connection = connection;
    this.rail = rail;
    this.cipher = cipher;
    this.comparison = new Comparison(connection, rail, window);
    try (Statement settings = connection.createStatement()) {
      settings.execute("SET work_mem = '" + SORT_MEMORY + "'; SET jit = off");
    }
    this.wholeSince = comparison.firstSent();
    this.fresh = clock(connection).minus(Limits.RECONCILIATION_GRACE);
    this.statement =
        new StatementTable(connection, marks, window.until().plus(Limits.STATEMENT_CLOCK_SKEW));
  }

  /** The database's time, which our book is dated by. */
  public static Instant clock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  /** From when on the bank's statement is to be read. */
  public Instant statementSince() {
    return wholeSince.minus(Limits.STATEMENT_CLOCK_SKEW);
  }

  /** Takes entries of the statement, in any order. */
  public void take(List<StatementEntry> entries) throws SQLException {
    statement.add(entries);
  }

  /** How many entries were taken that may matter. */
  public long entries() {
    return statement.entries();
  }

  /** Compares; to be called when the statement was read to its end. */
  public Report compare() throws SQLException {
    statement.end();
    comparison.run(marks, cipher, wholeSince, fresh);
    return new Findings(connection).report(wholeSince);
  }

  /**
   * Opens breaks for the differences that have none, and hands every difference to {@code sink}.
   * All of it or nothing is written.
   *
   * @return how many breaks were opened
   */
  public long differences(DifferenceSink sink) throws SQLException, IOException {
    BreakBook breaks = new BreakBook(connection, rail);
    new Findings(connection)
        .differences(
            some -> {
              breaks.take(some);
              sink.take(some);
            });
    connection.commit();
    return breaks.opened();
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
