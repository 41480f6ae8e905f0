package dev.settle.load.faults;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What the routers' book shows as unposted. */
final class Unposted {

  private Unposted() {}

  /** Credits. */
  static long read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT coalesce(sum(credits), 0)::bigint FROM unposted")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Credits by reason, for a person. */
  static String byReason(Connection connection) throws SQLException {
    List<String> reasons = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT reason, sum(credits) FROM unposted GROUP BY 1 ORDER BY 1")) {
      while (row.next()) {
        reasons.add(row.getLong(2) + " " + row.getString(1));
      }
    }
    return String.join(", ", reasons);
  }
}
