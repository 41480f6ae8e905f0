package dev.settle.router.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A card change from application to effect in one commit, without anybody who takes part in it. */
final class CardChanged {

  private CardChanged() {}

  /** Binds the account; the merchant's new version. */
  static int bind(Connection connection, String merchantId, String terminalId, long accountId)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      long change = number(statement, "SELECT nextval('card_change_ids')");
      statement.execute(
          String.format(
              "INSERT INTO card_change (change_id, merchant_id, terminal_id, account_id, reason, maker, moved_by, expires_at)"
                  + " VALUES (%d, '%s', '%s', %d, 'OTHER', 'test', 'test', now() + interval '1 day')",
              change, merchantId, terminalId, accountId));
      move(statement, change, "'VERIFYING', moved_as = 'ROUTER', moved_by = 'router'");
      move(
          statement,
          change,
          "'VERIFIED', moved_as = 'ROUTER', moved_by = 'router', name_match = 'MATCH'");
      move(
          statement,
          change,
          "'APPROVED', moved_as = 'CHECKER', moved_by = 'checker', checker = 'checker'");
      long version = number(statement, "SELECT version FROM activate_card_change(" + change + ")");
      connection.commit();
      return Math.toIntExact(version);
    }
  }

  private static void move(Statement statement, long change, String to) throws SQLException {
    statement.execute("UPDATE card_change SET state = " + to + " WHERE change_id = " + change);
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
