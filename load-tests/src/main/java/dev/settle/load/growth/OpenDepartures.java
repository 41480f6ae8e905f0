package dev.settle.load.growth;

import dev.settle.load.stand.Given;
import dev.settle.load.stand.Stand;
import dev.settle.router.platform.ConfigurationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Credits that are held because their merchants' accounts are frozen: each an open departure,
 * written as a commit would have. The accounts are really frozen, by the API.
 */
final class OpenDepartures {

  /** Merchants they are of; each has a batch. */
  private static final int MERCHANTS = 100;

  /** Of a batch: their number in it is the lower twelve bits of their ids. */
  private static final int MOST_OF_A_BATCH = 4_095;

  private final Stand stand;

  OpenDepartures(Stand stand) {
    this.stand = stand;
  }

  /** Refuses a number that cannot be made: as many of each merchant, in a batch of his own. */
  static void check(int credits, int least) {
    Given.within("--departures", credits, least, MERCHANTS * MOST_OF_A_BATCH);
    if (credits % MERCHANTS != 0) {
      throw new ConfigurationException(
          "--departures " + credits + ": give a multiple of " + MERCHANTS);
    }
  }

  /**
   * Makes them.
   *
   * @param after merchants up to this number sell; those after it are frozen
   */
  void make(int after, int credits) throws Exception {
    stand.onboard(after + 1, after + MERCHANTS);
    for (long account : accounts(after)) {
      stand.setStatus(account, "FROZEN");
    }
    try (Connection connection = stand.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements(after, credits / MERCHANTS)) {
        statement.execute(sql);
      }
      connection.commit();
      connection.setAutoCommit(true);
      statement.execute("VACUUM (ANALYZE) credit_exception");
      statement.execute("VACUUM (ANALYZE) credit_batch");
    }
  }

  private List<Long> accounts(int after) throws SQLException {
    List<Long> accounts = new ArrayList<>();
    try (Connection connection = stand.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT account_id FROM account WHERE merchant_id > '"
                    + String.format("M%06d", after)
                    + "' ORDER BY 1")) {
      while (row.next()) {
        accounts.add(row.getLong(1));
      }
    }
    return accounts;
  }

  private static List<String> statements(int after, int each) {
    return List.of(
        """
        CREATE TEMP TABLE held ON COMMIT DROP AS
        SELECT b.batch_id, b.merchant_id, b.terminal_id, b.version, p AS place, 1000 + p AS minor
        FROM (SELECT nextval('batch_ids') AS batch_id, m.merchant_id, t.terminal_id, m.route_version AS version
              FROM merchant m JOIN terminal t USING (merchant_id) WHERE m.merchant_id > '%s') b, generate_series(1, %d) p
        """
            .formatted(String.format("M%06d", after), each),
        """
        INSERT INTO credit_batch (batch_id, currency, state, credits, amount_minor, departed_credits, departed_minor, owner)
        SELECT batch_id, 'CNY', 'UNROUTED', count(*), sum(minor), count(*), sum(minor), 1 FROM held GROUP BY batch_id
        """,
        """
        INSERT INTO credit (credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan, binding_version,
                            merchant_id, terminal_id, acquirer_id, type, currency, rrn)
        SELECT batch_id << 12 | place, minor, now(), NULL, (now() AT TIME ZONE 'UTC')::date, 1, place, version, merchant_id,
               terminal_id, '48201000', 'SALE', 'CNY', lpad(place::text, 12, '0') FROM held
        """,
        """
        INSERT INTO credit_exception (credit_id, exception_no, attempt, batch_id, kind, reason, merchant_id, amount_minor,
                                      currency, decided_version, movable)
        SELECT batch_id << 12 | place, 1, 1, batch_id, 'HELD', 'ACCOUNT_FROZEN', merchant_id, minor, 'CNY', version, true
        FROM held
        """,
        """
        INSERT INTO book_total (writer, currency, accepted_credits, accepted_minor)
        SELECT 'held', 'CNY', count(*), sum(minor) FROM held
        """);
  }
}
