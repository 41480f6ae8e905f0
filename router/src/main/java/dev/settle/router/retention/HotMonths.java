package dev.settle.router.retention;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads which months are hot, how old they have to be to leave, and what keeps them. */
final class HotMonths {

  /** Partitions are named by their month. */
  private static final String PARTITIONS =
      """
      SELECT to_date(substr(c.relname, 8), 'YYYYMM') AS month
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'credit'::regclass AND c.relname ~ '^credit_[0-9]{6}$'
        AND to_date(substr(c.relname, 8), 'YYYYMM') + interval '1 month' <= ? ORDER BY 1
      """;

  private static final String MOVING =
      "SELECT month FROM archived_month WHERE state = 'MOVING' ORDER BY 1";

  private final Connection connection;

  HotMonths(Connection connection) {
    this.connection = connection;
  }

  /** The first local date that may not leave. */
  LocalDate horizon(Duration replayWindow, int marginDays) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT archive_horizon(?, ?)")) {
      statement.setInt(1, (int) replayWindow.toDays());
      statement.setInt(2, marginDays);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getObject(1, LocalDate.class);
      }
    }
  }

  /** Hot months that end before a day, the oldest first. */
  List<LocalDate> before(LocalDate day) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PARTITIONS)) {
      statement.setObject(1, day);
      return read(statement);
    }
  }

  /** Months whose credits have left, and what belongs to them has not all followed. */
  List<LocalDate> moving() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MOVING)) {
      return read(statement);
    }
  }

  private static List<LocalDate> read(PreparedStatement statement) throws SQLException {
    List<LocalDate> months = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        months.add(row.getObject(1, LocalDate.class));
      }
    }
    return months;
  }

  /** What keeps months that begin from {@code from} on and before {@code to}; in words. */
  Map<LocalDate, List<String>> kept(LocalDate from, LocalDate to) throws SQLException {
    Map<LocalDate, List<String>> kept = new TreeMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT month, what, credits FROM kept_hot(?, ?) ORDER BY 1, 3 DESC, 2")) {
      statement.setObject(1, from);
      statement.setObject(2, to);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          kept.computeIfAbsent(row.getObject(1, LocalDate.class), month -> new ArrayList<>())
              .add(row.getLong(3) + " " + row.getString(2));
        }
      }
    }
    return kept;
  }
}
