package dev.settle.router.retention;

import dev.settle.router.platform.Limits;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lets one month's credits go over into the archive. */
final class Departure {

  private static final String CONSTRAINT = "of_its_month";

  private static final String VALIDATED =
      "SELECT convalidated FROM pg_constraint WHERE conrelid = ?::regclass AND conname = ?";

  private static final String LEAVE = "SELECT leave_hot_tables(?, ?, ?, ?, ?, ?, ?, ?)";

  private final Connection connection;
  private final Attempts attempts;
  private final Duration replayWindow;
  private final ArchiveWatch watch;

  Departure(Connection connection, Attempts attempts, Duration replayWindow, ArchiveWatch watch) {
    this.connection = connection;
    this.attempts = attempts;
    this.replayWindow = replayWindow;
    this.watch = watch;
  }

  private static String table(LocalDate month) {
    return String.format("credit_%04d%02d", month.getYear(), month.getMonthValue());
  }

  /**
   * Makes ready what the lock must not wait for: the proof, for when the partition changes its
   * table, that it has rows of its month alone, and the places for what follows. Done before, it
   * does nothing. False: the table was in use at every attempt.
   */
  boolean prepare(LocalDate month) throws SQLException, InterruptedException {
    String table = table(month);
    if (validated(table) == null) {
      String bounds =
          "local_date >= '" + month + "' AND local_date < '" + month.plusMonths(1) + "'";
      if (!run(
          "ALTER TABLE "
              + table
              + " ADD CONSTRAINT "
              + CONSTRAINT
              + " CHECK ("
              + bounds
              + ") NOT VALID")) {
        return false;
      }
    }
    if (Boolean.FALSE.equals(validated(table))
        && !run("ALTER TABLE " + table + " VALIDATE CONSTRAINT " + CONSTRAINT)) {
      return false;
    }
    if (!run("SELECT make_archive_of('" + month + "')")) {
      return false;
    }
    watch.reached(month, ArchiveStep.BOUNDED);
    return true;
  }

  private boolean run(String sql) throws SQLException, InterruptedException {
    return attempts.commit(
            () -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return true;
              }
            })
        != null;
  }

  private @Nullable Boolean validated(String table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(VALIDATED)) {
      statement.setString(1, table);
      statement.setString(2, CONSTRAINT);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getBoolean(1) : null;
      }
    }
  }

  /** The outcome of {@code leave_hot_tables}; null: the table was in use at every attempt. */
  @Nullable String leave(LocalDate month, MonthCount count)
      throws SQLException, InterruptedException {
    return attempts.commit(
        () -> {
          try (PreparedStatement statement = connection.prepareStatement(LEAVE)) {
            statement.setObject(1, month);
            statement.setInt(2, (int) replayWindow.toDays());
            statement.setInt(3, Limits.ARCHIVE_MARGIN_DAYS);
            statement.setArray(4, array("text", count, MonthCount.Total::currency));
            statement.setArray(5, array("bigint", count, MonthCount.Total::credits));
            statement.setArray(6, array("numeric", count, MonthCount.Total::minor));
            statement.setBigDecimal(7, count.hash());
            statement.setObject(8, count.last(), java.sql.Types.BIGINT);
            try (ResultSet row = statement.executeQuery()) {
              row.next();
              String outcome = row.getString(1);
              if (outcome.equals("LEFT")) {
                watch.reached(month, ArchiveStep.LEAVING);
              }
              return outcome;
            }
          }
        });
  }

  private Array array(String type, MonthCount count, Function<MonthCount.Total, Object> value)
      throws SQLException {
    return connection.createArrayOf(type, count.totals().stream().map(value).toArray());
  }
}
