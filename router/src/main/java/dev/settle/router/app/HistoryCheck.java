package dev.settle.router.app;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Refuses a database user that could rewrite history: invariant I10 would rest on this program
 * alone. Blocking.
 */
final class HistoryCheck {

  /**
   * The first thing that the user could do and must not; no row: none. Partitions are asked about
   * as well as the tables that they are of; a table that is not listed counts as history.
   */
  private static final String COULD =
      """
      SELECT what FROM (
        SELECT 1 AS place, 'is a superuser' AS what FROM pg_roles WHERE rolname = current_user AND rolsuper
        UNION ALL
        SELECT 2, 'owns ' || c.oid::regclass FROM pg_class c
        WHERE c.relnamespace IN ('public'::regnamespace, 'archive'::regnamespace) AND c.relkind IN ('r', 'p')
          AND pg_has_role(c.relowner, 'MEMBER')
        UNION ALL
        SELECT 3, 'may set session_replication_role' WHERE has_parameter_privilege('session_replication_role', 'SET')
        UNION ALL
        SELECT 4, 'may change or remove rows of ' || c.oid::regclass FROM pg_class c
        LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
        LEFT JOIN router_right r ON to_regclass(r.relation) = coalesce(i.inhparent, c.oid)
        WHERE c.relnamespace IN ('public'::regnamespace, 'archive'::regnamespace) AND c.relkind IN ('r', 'p')
          AND (has_table_privilege(c.oid, 'TRUNCATE') OR has_table_privilege(c.oid, 'TRIGGER')
               OR coalesce(r.history, true) AND (
                 has_table_privilege(c.oid, 'DELETE') OR EXISTS (
                   SELECT FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                     AND NOT a.attname = ANY (coalesce(r.columns, '{}')::name[])
                     AND has_column_privilege(c.oid, a.attnum, 'UPDATE'))))) could
      ORDER BY place, what LIMIT 1
      """;

  private HistoryCheck() {}

  static void require(Settings.Database database) {
    try (Connection connection = BlockingDatabase.connect(database);
        Statement statement = connection.createStatement();
        ResultSet could = statement.executeQuery(COULD)) {
      if (could.next()) {
        throw new ConfigurationException(
            "the database user "
                + database.user()
                + " "
                + could.getString(1)
                + ", and so could rewrite history: run `settle migrate` as the owner with"
                + " settle.database.router.user set, and nodes as that user");
      }
    } catch (SQLException e) {
      throw new ConfigurationException(
          "cannot look up the rights of " + database.user() + ": " + e.getMessage());
    }
  }
}
