package dev.settle.demo.leak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Every column of every table of a database as COPY writes it: text in clear, bytes as hexadecimal.
 * With PostgreSQL's statistics, which keep frequent values of columns, and what its sessions ran
 * last.
 */
public final class DatabaseDump {

  /** Partitions stand for the tables that they are parts of. */
  private static final String COLUMNS =
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(a.attname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      ORDER BY 1, a.attnum
      """;

  private DatabaseDump() {}

  public static void into(Evidence evidence, Connection connection)
      throws SQLException, IOException {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    for (String[] column : columns(connection)) {
      copy(evidence, copy, "SELECT " + column[1] + " FROM " + column[0], column[0], column[1]);
    }
    for (String of : List.of("most_common_vals", "histogram_bounds")) {
      copy(evidence, copy, "SELECT " + of + "::text FROM pg_stats", "pg_stats", of);
    }
    copy(evidence, copy, "SELECT query FROM pg_stat_activity", "pg_stat_activity", "query");
  }

  private static List<String[]> columns(Connection connection) throws SQLException {
    List<String[]> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COLUMNS)) {
      while (rows.next()) {
        columns.add(new String[] {rows.getString(1), rows.getString(2)});
      }
    }
    return columns;
  }

  private static void copy(
      Evidence evidence, CopyManager copy, String query, String table, String column)
      throws SQLException, IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    copy.copyOut("COPY (" + query + ") TO STDOUT", out);
    evidence.add(
        "database " + table + " column " + column,
        // COPY doubles backslashes, which hides nothing but the escapes of JSON.
        out.toString(StandardCharsets.UTF_8).replace("\\\\", "\\"));
  }
}
