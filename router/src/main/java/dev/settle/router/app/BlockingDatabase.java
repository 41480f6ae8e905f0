package dev.settle.router.app;

import dev.settle.router.platform.Settings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The database as commands, and checks at a start, use it: by JDBC, each for itself. Blocking. */
final class BlockingDatabase {

  private BlockingDatabase() {}

  static Connection connect(Settings.Database database) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
  }
}
