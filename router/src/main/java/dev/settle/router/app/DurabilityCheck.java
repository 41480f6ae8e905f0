package dev.settle.router.app;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Refuses a database that acknowledges what a power cut can take back: invariant I1 would be a lie
 * on it. Blocking.
 */
final class DurabilityCheck {

  private static final List<String> MUST_BE_ON =
      List.of("fsync", "synchronous_commit", "full_page_writes");

  private DurabilityCheck() {}

  static void require(Settings.Database database) {
    try (Connection connection = BlockingDatabase.connect(database);
        Statement statement = connection.createStatement()) {
      for (String setting : MUST_BE_ON) {
        try (ResultSet shown = statement.executeQuery("SHOW " + setting)) {
          shown.next();
          String value = shown.getString(1);
          if (value.equals("off")) {
            throw new ConfigurationException(
                "the database has "
                    + setting
                    + "="
                    + value
                    + ": an acknowledged sale could be lost; set it to on");
          }
        }
      }
    } catch (SQLException e) {
      throw new ConfigurationException("cannot reach the database at " + database.url());
    }
  }
}
