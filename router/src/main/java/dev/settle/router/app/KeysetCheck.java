package dev.settle.router.app;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Refuses to start a node whose keyset file does not open the oldest and the newest account number:
 * it would hold every payment to such accounts, and write numbers that no other node can read.
 * Blocking.
 */
final class KeysetCheck {

  private static final String OLDEST_AND_NEWEST =
      """
      (SELECT merchant_id, number_cipher FROM account ORDER BY account_id LIMIT 1)
      UNION ALL (SELECT merchant_id, number_cipher FROM account ORDER BY account_id DESC LIMIT 1)
      """;

  private KeysetCheck() {}

  static void require(Settings.Database database, Path keysetFile) {
    AccountCipher cipher = AccountCipher.fromFile(keysetFile);
    try (Connection connection = BlockingDatabase.connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(OLDEST_AND_NEWEST)) {
      while (rows.next()) {
        cipher.decrypt(rows.getString(1), rows.getBytes(2));
      }
    } catch (IllegalStateException unreadable) {
      throw new ConfigurationException(keysetFile + ": " + unreadable.getMessage());
    } catch (SQLException e) {
      throw new ConfigurationException("cannot reach the database at " + database.url());
    }
  }
}
