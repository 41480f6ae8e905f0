package dev.settle.router.invariant;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;

/** Reads which months have left the hot tables, and of which only the totals are left. */
final class Archived {

  private static final String TAKEN_OUT =
      """
      SELECT m.month, to_char(m.month, 'YYYY-MM'), coalesce(sum(t.credits), 0), m.taken_out_by, m.taken_out_to
      FROM archived_month m LEFT JOIN archived_total t USING (month)
      WHERE m.state = 'TAKEN_OUT' GROUP BY m.month ORDER BY m.month
      """;

  private Archived() {}

  /** Says which months could not be checked: their rows are not in the database. */
  static void tell(Connection connection, InvariantReport report) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(TAKEN_OUT)) {
      while (row.next()) {
        report.notChecked(
            "the "
                + row.getLong(3)
                + " credits of "
                + row.getString(2)
                + ", which "
                + row.getString(4)
                + " took out of the database to "
                + row.getString(5)
                + ": their totals are counted as they were carried over");
      }
    }
  }

  /** The first days of months whose rows were taken out. */
  static Set<LocalDate> monthsTakenOut(Connection connection) throws SQLException {
    Set<LocalDate> months = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(TAKEN_OUT)) {
      while (row.next()) {
        months.add(row.getObject(1, LocalDate.class));
      }
    }
    return months;
  }

  /**
   * Every credit of a month whose rows were taken out has a smaller id; 0: there is no such month.
   */
  static long lastTakenOut(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT coalesce(max(moved_to), 0) FROM archived_month WHERE state = 'TAKEN_OUT'")) {
      row.next();
      return row.getLong(1);
    }
  }
}
