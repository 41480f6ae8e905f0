package dev.settle.demo;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.sandbox.database.DatabaseRefusal;
import dev.settle.sandbox.database.DurablePostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The PostgreSQL of a data directory, with the router's database in it. Blocking. */
final class RouterDatabase implements AutoCloseable {

  private static final String NAME = "settle";
  private static final int ANY_FREE_PORT = 0;

  private final Path dataDirectory;
  private final DurablePostgres postgres;

  private RouterDatabase(Path dataDirectory, DurablePostgres postgres) {
    this.dataDirectory = dataDirectory;
    this.postgres = postgres;
  }

  /**
   * Starts the server, and makes the empty database the first time. Throws {@link
   * ConfigurationException} when it cannot run here.
   */
  static RouterDatabase start(Path dataDirectory) throws IOException, SQLException {
    DurablePostgres postgres;
    try {
      postgres = DurablePostgres.start(dataDirectory.resolve("postgres"), ANY_FREE_PORT);
    } catch (DatabaseRefusal refusal) {
      throw new ConfigurationException(String.valueOf(refusal.getMessage()));
    }
    var database = new RouterDatabase(dataDirectory, postgres);
    try {
      database.createIfAbsent();
      database.address().write(dataDirectory);
      return database;
    } catch (IOException | SQLException e) {
      database.close();
      throw e;
    }
  }

  DatabaseAddress address() {
    String url = "postgresql://" + postgres.host() + ":" + postgres.port() + "/" + NAME;
    return new DatabaseAddress(url, postgres.user(), postgres.password());
  }

  private void createIfAbsent() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                postgres.jdbcUrl("postgres"), postgres.user(), postgres.password());
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("CREATE DATABASE " + NAME + " ENCODING 'UTF8' TEMPLATE template0");
    }
  }

  @Override
  public void close() throws IOException {
    try {
      DatabaseAddress.remove(dataDirectory);
    } finally {
      postgres.close();
    }
  }
}
