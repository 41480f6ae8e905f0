package dev.settle.router.reencryption;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.Limits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What else is encrypted with the keys of the account numbers: secrets of API keys and webhooks,
 * each sealed for its own purpose. Whoever adds a column of such adds it here.
 *
 * @param purpose what a row's secret is sealed for, as SQL of its columns
 */
record SealedSecrets(String table, String column, String purpose) {

  static final List<SealedSecrets> ALL =
      List.of(
          new SealedSecrets("api_key", "secret_cipher", "'api-key ' || key_id"),
          new SealedSecrets(
              "webhook_secret", "cipher", "'webhook-secret/' || public_id('WH', webhook_id, 1)"));

  private record Row(String place, String purpose, byte[] cipherText) {}

  /** Those that are not under the key that encrypts now, some at once. */
  private List<Row> rest(Connection connection, AccountCipher cipher) throws SQLException {
    String rest =
        "SELECT ctid::text, "
            + purpose
            + ", "
            + column
            + " FROM "
            + table
            + " WHERE substring("
            + column
            + " FROM 1 FOR 5) <> ? LIMIT ?";
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(rest)) {
      select.setBytes(1, cipher.prefix());
      select.setInt(2, Limits.REENCRYPT_ACCOUNTS);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.add(new Row(found.getString(1), found.getString(2), found.getBytes(3)));
        }
      }
    }
    return rows;
  }

  /**
   * Seals the next ones anew; how many were changed. One that somebody else changed meanwhile is
   * not: it is found again.
   */
  long change(Connection connection, AccountCipher cipher) throws SQLException {
    String change =
        "UPDATE " + table + " SET " + column + " = ? WHERE ctid = ?::tid AND " + column + " = ?";
    try (PreparedStatement update = connection.prepareStatement(change)) {
      for (Row row : rest(connection, cipher)) {
        byte[] secret = cipher.open(row.purpose(), row.cipherText());
        update.setBytes(1, cipher.seal(row.purpose(), secret));
        update.setString(2, row.place());
        update.setBytes(3, row.cipherText());
        update.addBatch();
      }
      return Arrays.stream(update.executeBatch()).filter(count -> count > 0).count();
    }
  }
}
