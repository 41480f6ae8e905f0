package dev.settle.router.app;

import dev.settle.router.access.ApiKeyFile;
import dev.settle.router.access.Scope;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Issues, lists and revokes API keys. Nodes hear of it from the database. Blocking. */
public final class ApiKeyBook {

  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 8;

  private final Connection connection;
  private final SecureRandom random = new SecureRandom();

  public ApiKeyBook(Connection connection) {
    this.connection = connection;
  }

  /**
   * Issues a key; returns the line that is handed over, {@link ApiKeyFile}. The secret is kept
   * encrypted and cannot be shown again.
   *
   * @param notAfter when it is good no more; null: until it is revoked
   * @param by who issues it
   */
  public String issue(
      AccountCipher cipher, Scope scope, @Nullable Instant notAfter, String note, String by)
      throws SQLException {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    String keyId = "key-" + HexFormat.of().formatHex(id);
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    Array merchants =
        scope.merchants().isEmpty()
            ? null
            : connection.createArrayOf("text", scope.merchants().stream().sorted().toArray());
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT issue_api_key(?, ?, ?, ?, ?, ?, ?, ?)")) {
      statement.setString(1, keyId);
      statement.setString(2, scope.acquirerId());
      statement.setArray(3, merchants);
      statement.setBytes(4, Access.seal(cipher).seal(keyId, secret));
      statement.setString(5, note);
      statement.setTimestamp(6, notAfter == null ? null : Timestamp.from(notAfter));
      statement.setString(7, by);
      statement.setInt(8, Limits.API_KEYS);
      if (!"DONE".equals(outcome(statement))) {
        throw new ConfigurationException(
            Limits.API_KEYS + " API keys are good already: revoke those that nobody uses");
      }
    }
    return ApiKeyFile.line(keyId, secret);
  }

  /** Revokes a key; false: it was revoked before. */
  public boolean revoke(String keyId, String by, String reason) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT revoke_api_key(?, ?, ?)")) {
      statement.setString(1, keyId);
      statement.setString(2, by);
      statement.setString(3, reason);
      String outcome = outcome(statement);
      if ("UNKNOWN".equals(outcome)) {
        throw new ConfigurationException("there is no API key " + keyId);
      }
      return "DONE".equals(outcome);
    }
  }

  private static String outcome(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** Every key there ever was, the newest first, a line for each. */
  List<String> list() throws SQLException {
    String query =
        """
        SELECT k.key_id, k.acquirer_id, coalesce(cardinality(k.merchants) || ' merchants', 'all merchants') AS merchants,
               to_char(k.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created, k.created_by,
               CASE WHEN r.key_id IS NOT NULL THEN 'revoked by ' || r.revoked_by || ': ' || r.reason
                    WHEN k.not_after <= clock_timestamp() THEN 'expired'
                    WHEN k.not_after IS NULL THEN 'good until it is revoked'
                    ELSE 'good until ' || to_char(k.not_after AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END AS state,
               k.note
        FROM api_key k LEFT JOIN api_key_revocation r ON r.key_id = k.key_id
        ORDER BY k.created_at DESC, k.key_id
        """;
    List<String> lines = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        List<String> fields = new ArrayList<>();
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
          fields.add(rows.getString(column));
        }
        lines.add(String.join("  ", fields).strip());
      }
    }
    return lines;
  }
}
