package dev.settle.router.reencryption;

import dev.settle.router.binding.AccountCipher;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many account numbers, and secrets of API keys and webhooks, are under each key, by its id.
 *
 * @param accounts by key id, as Tink counts them
 */
public record KeyUse(Map<Integer, Long> accounts) {

  /** One pass over all of them; it blocks nobody. */
  private static final String COUNT =
      """
      SELECT number_prefix, count(*) AS accounts
      FROM (SELECT substring(number_cipher FROM 1 FOR 5) AS number_prefix FROM account
            UNION ALL SELECT substring(secret_cipher FROM 1 FOR 5) FROM api_key
            UNION ALL SELECT substring(cipher FROM 1 FOR 5) FROM webhook_secret) a GROUP BY 1
      """;

  public static KeyUse read(Connection connection) throws SQLException {
    Map<Integer, Long> accounts = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COUNT)) {
      while (rows.next()) {
        accounts.merge(AccountCipher.keyOf(rows.getBytes(1)), rows.getLong(2), Long::sum);
      }
    }
    return new KeyUse(Map.copyOf(accounts));
  }

  /** Numbers under this key. */
  public long of(int key) {
    return accounts.getOrDefault(key, 0L);
  }

  /** All numbers. */
  public long all() {
    return accounts.values().stream().mapToLong(Long::longValue).sum();
  }
}
