package dev.settle.demo;

import dev.settle.sandbox.database.DurablePostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The router's database inside the demo's PostgreSQL. Blocking. */
final class RouterDatabase {

  private RouterDatabase() {}

  /** Makes the empty database on the first start in a data directory. */
  static void createIfAbsent(DurablePostgres postgres) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl("postgres"), postgres.user(), postgres.password());
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + Parts.DATABASE + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("CREATE DATABASE " + Parts.DATABASE + " ENCODING 'UTF8' TEMPLATE template0");
    }
  }
}
