package dev.settle.router.reencryption;

import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encrypts anew what is under an older key than the one that encrypts now. In pieces of {@link
 * Limits#REENCRYPT_ACCOUNTS}, each a commit: what is done is done when it is cut off, and the next
 * run finds only the rest. A row is changed only as it was read, so two runs at once, and nodes
 * that run meanwhile, do no harm: a node reads either cipher text, since it has both keys.
 */
public final class Reencryption {

  private static final String REST =
      """
      SELECT account_id, merchant_id, number_cipher FROM account
      WHERE account_id > ? AND substring(number_cipher FROM 1 FOR 5) <> ? ORDER BY account_id LIMIT ?
      """;

  private static final String CHANGE =
      "UPDATE account SET number_cipher = ? WHERE account_id = ? AND number_cipher = ?";

  private final Connection connection;
  private final AccountCipher cipher;
  private final Watch watch;
  private final int piece;

  /** Hears how far it is. */
  @FunctionalInterface
  public interface Watch {
    /**
     * @param changed numbers that are committed under the new key, of this run
     */
    void committed(long changed);
  }

  /**
   * @param connection as the user that owns the tables; used for nothing else meanwhile
   */
  public Reencryption(Connection connection, AccountCipher cipher, Watch watch) {
    this(connection, cipher, watch, Limits.REENCRYPT_ACCOUNTS);
  }

  /** The same, in other pieces. */
  Reencryption(Connection connection, AccountCipher cipher, Watch watch, int piece) {
    this.connection = connection;
    this.cipher = cipher;
    this.watch = watch;
    this.piece = piece;
  }

  /**
   * What was done.
   *
   * @param changed numbers and secrets that were encrypted anew
   * @param use what is under which key afterwards
   */
  public record Report(long changed, KeyUse use) {}

  /**
   * Runs to the end. Throws {@link ConfigurationException} before it changes anything when the
   * keyset file lacks a key that numbers are under, {@link IllegalStateException} at a number that
   * its key does not open.
   */
  public Report run() throws SQLException {
    requireEveryKey(KeyUse.read(connection));
    connection.setAutoCommit(false);
    long changed = 0;
    long last = 0;
    for (List<Row> rows = rest(last); !rows.isEmpty(); rows = rest(last)) {
      changed += change(rows);
      connection.commit();
      watch.committed(changed);
      last = rows.get(rows.size() - 1).accountId();
    }
    for (SealedSecrets secrets : SealedSecrets.ALL) {
      for (long more = -1; more != 0; changed += more) {
        more = secrets.change(connection, cipher);
        connection.commit();
      }
    }
    connection.rollback();
    connection.setAutoCommit(true);
    return new Report(changed, KeyUse.read(connection));
  }

  private void requireEveryKey(KeyUse use) {
    for (Integer key : use.accounts().keySet()) {
      if (!cipher.knows(key)) {
        throw new ConfigurationException(
            use.of(key)
                + " account numbers cannot be read, nothing was changed: "
                + cipher.unknown(key)
                + ". Take the keyset file that has it (docs/operating/keys.md)");
      }
    }
  }

  private record Row(long accountId, String merchantId, byte[] cipherText) {}

  private List<Row> rest(long after) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(REST)) {
      select.setLong(1, after);
      select.setBytes(2, cipher.prefix());
      select.setInt(3, piece);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.add(new Row(found.getLong(1), found.getString(2), found.getBytes(3)));
        }
      }
    }
    return rows;
  }

  private long change(List<Row> rows) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(CHANGE)) {
      for (Row row : rows) {
        var number = cipher.decrypt(row.merchantId(), row.cipherText());
        update.setBytes(1, cipher.encrypt(row.merchantId(), number));
        update.setLong(2, row.accountId());
        update.setBytes(3, row.cipherText());
        update.addBatch();
      }
      return Arrays.stream(update.executeBatch()).filter(count -> count > 0).count();
    }
  }
}
