package dev.settle.router.reconciliation;

import dev.settle.router.binding.AccountCipher;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Sets both books side by side in temporary tables of one connection: see {@link ComparisonSql}.
 * Our side is one snapshot, taken after the statement was read, so that whatever the bank has
 * booked was claimed here before.
 */
final class Comparison {

  private final Connection connection;
  private final String rail;
  private final Window window;

  Comparison(Connection connection, String rail, Window window) {
    this.connection = connection;
    this.rail = rail;
    this.window = window;
  }

  /**
   * When the first of what moved here in the window was sent, or the window's beginning if earlier.
   */
  Instant firstSent() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ComparisonSql.FIRST_SENT)) {
      moved(statement, 1);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        OffsetDateTime first = row.getObject(1, OffsetDateTime.class);
        return first == null || !first.toInstant().isBefore(window.since())
            ? window.since()
            : first.toInstant();
      }
    }
  }

  /**
   * Compares.
   *
   * @param wholeSince of transfers sent since then, the statement has everything
   * @param fresh what moved since then may be late on the other side
   */
  void run(AccountMarks marks, AccountCipher cipher, Instant wholeSince, Instant fresh)
      throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    execute(ComparisonSql.NO_MONTH_LEAVES, null);
    knownBreaks();
    execute(ComparisonSql.THEIRS, this::inWindow);
    execute(ComparisonSql.BATCH_SET, statement -> batches(statement));
    execute("ANALYZE batch_set, theirs", null);
    walkIndexes(true);
    execute(ComparisonSql.CARRIED, statement -> statement.setString(1, rail));
    walkIndexes(false);
    execute(ComparisonSql.OURS, null);
    execute("ANALYZE ours", null);
    mark(marks, cipher);
    sideBySide(ComparisonSql.CREDITS, wholeSince, fresh);
    sideBySide(ComparisonSql.RETURNS, wholeSince, fresh);
    execute(ComparisonSql.ACCOUNTS_DIFFER, null);
    execute(ComparisonSql.NOT_MATCHED, null);
    execute("ANALYZE compared", null);
    // The snapshot is given up; the temporary tables stay for the session.
    connection.commit();
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
  }

  private void sideBySide(String sql, Instant wholeSince, Instant fresh) throws SQLException {
    execute(
        sql,
        statement -> {
          int next = window.set(statement, 1, 1);
          statement.setObject(next++, Window.sql(wholeSince));
          statement.setObject(next, Window.sql(fresh));
        });
  }

  private void inWindow(PreparedStatement statement) throws SQLException {
    window.set(statement, 1, 1);
  }

  private int moved(PreparedStatement statement, int first) throws SQLException {
    statement.setString(first, rail);
    int next = window.set(statement, first + 1, 1);
    statement.setString(next, rail);
    return window.set(statement, next + 1, 3);
  }

  private void batches(PreparedStatement statement) throws SQLException {
    int next = moved(statement, 1);
    for (int i = 0; i < 2; i++) {
      statement.setString(next++, rail);
      statement.setObject(next++, Window.sql(window.until()));
    }
  }

  /** The planner's statistics of a fresh day lag behind; what is walked here has its index. */
  private void walkIndexes(boolean alone) throws SQLException {
    for (String other : new String[] {"seqscan", "hashjoin", "mergejoin"}) {
      execute("SET LOCAL enable_" + other + " = " + (alone ? "off" : "on"), null);
    }
  }

  private void knownBreaks() throws SQLException {
    execute(ComparisonSql.KNOWN_BREAK, null);
    new PagedCopy(connection)
        .copy(
            ComparisonSql.OPEN_BREAK_PAGE,
            rail,
            "known_break",
            row -> {
              TransferKey key = TransferKey.parse(row.getString(3));
              return new @Nullable Object[] {
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                key == null ? null : key.aggregated(),
                key == null ? null : key.first(),
                key == null ? null : key.second()
              };
            });
  }

  private void mark(AccountMarks marks, AccountCipher cipher) throws SQLException {
    execute(ComparisonSql.ACCOUNT_MARK, null);
    execute(ComparisonSql.WANTED, null);
    new PagedCopy(connection)
        .copy(
            ComparisonSql.ACCOUNT_PAGE,
            rail,
            "account_mark",
            row ->
                new @Nullable Object[] {
                  row.getLong(1), marks.of(cipher.decrypt(row.getString(2), row.getBytes(3)))
                });
    execute("ANALYZE account_mark", null);
  }

  private void execute(String sql, @Nullable Parameters parameters) throws SQLException {
    if (parameters == null) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      parameters.set(statement);
      statement.execute();
    }
  }

  /** Fills a statement's parameters. */
  @FunctionalInterface
  private interface Parameters {
    void set(PreparedStatement statement) throws SQLException;
  }
}
