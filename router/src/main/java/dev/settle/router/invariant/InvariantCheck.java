package dev.settle.router.invariant;

import dev.settle.router.invariant.InvariantReport.Total;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Recomputes the invariants from raw rows in one read-only snapshot, and holds them against what
 * the bank and the terminals saw. Shares no code with what writes the rows. Blocking: for commands
 * and tests.
 *
 * <p>Each rule is a query that selects violations, so that an empty answer is the proof. The first
 * column says in words what is wrong.
 */
public final class InvariantCheck {

  private InvariantCheck() {}

  /**
   * Checks all of them. The connection is handed back as it came; the streams of {@code witnesses}
   * are used up.
   */
  public static InvariantReport check(Connection connection, Witnesses witnesses)
      throws SQLException {
    InvariantReport report = new InvariantReport();
    // Read before the snapshot: what the bank has booked by now, was claimed before, and the
    // snapshot shows it.
    BookingCheck bookings = new BookingCheck(connection, report, witnesses);
    bookings.readBooks();
    boolean autoCommit = connection.getAutoCommit();
    int isolation = connection.getTransactionIsolation();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try {
      keepMonths(connection);
      planWithoutStatistics(connection);
      for (RowRule rule : RowRules.ALL) {
        apply(connection, rule, report);
      }
      totals(connection, report);
      Archived.tell(connection, report);
      bookings.compare();
    } finally {
      connection.rollback();
      connection.setTransactionIsolation(isolation);
      connection.setAutoCommit(autoCommit);
    }
    // After the snapshot: credits are never changed, and an acknowledgement that is read now was
    // committed before.
    new AcknowledgementCheck(connection, report).check(witnesses.acknowledgements());
    return report;
  }

  /**
   * Which table a month is in is not part of a snapshot: until the end none leaves for the archive.
   * Before the snapshot, which the first query takes.
   */
  private static void keepMonths(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOCK TABLE credit, archive.credit IN ACCESS SHARE MODE");
    }
  }

  /**
   * Every rule reads every row. Where the statistics have not seen them yet, a plan may join row by
   * row what it takes for few, which takes hours for 100,000; until the end of the transaction
   * joins are by hash or by sorting wherever they can be.
   */
  private static void planWithoutStatistics(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL enable_nestloop = off");
      // What has no other plan looks too dear by that, and would be compiled for its price.
      statement.execute("SET LOCAL jit = off");
    }
  }

  private static void apply(Connection connection, RowRule rule, InvariantReport report)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT violation, count(*) OVER () FROM ("
                    + rule.violations()
                    + ") v LIMIT "
                    + InvariantReport.EXAMPLES)) {
      long all = 0;
      int shown = 0;
      while (rows.next()) {
        all = rows.getLong(2);
        shown++;
        report.violated(rule.invariant(), rows.getString(1));
      }
      if (all > shown) {
        report.violated(rule.invariant(), "… and " + (all - shown) + " more like these");
      }
    }
  }

  private static void totals(Connection connection, InvariantReport report) throws SQLException {
    Map<String, Long> accepted = new TreeMap<>();
    Map<String, Long> posted = new TreeMap<>();
    Map<String, Long> unpostedCredits = new HashMap<>();
    Map<String, Map<String, Long>> unposted = new TreeMap<>();
    long acceptedCredits = 0;
    long postedCredits = 0;
    String query =
        """
        SELECT currency, coalesce(reason, 'POSTED'), count(*), sum(amount_minor), sum(posted_minor)
        FROM credit_standing GROUP BY 1, 2
        UNION ALL
        SELECT currency, 'POSTED', credits, amount_minor, amount_minor FROM archived_total
        """;
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        String currency = rows.getString(1);
        String reason = rows.getString(2);
        long credits = rows.getLong(3);
        long minor = rows.getLong(4);
        acceptedCredits += credits;
        accepted.merge(currency, minor, Long::sum);
        if (reason.equals("POSTED")) {
          postedCredits += credits;
          posted.merge(currency, rows.getLong(5), Long::sum);
        } else {
          unpostedCredits.merge(reason, credits, Long::sum);
          unposted.computeIfAbsent(reason, r -> new TreeMap<>()).merge(currency, minor, Long::sum);
        }
      }
    }
    Map<String, Total> byReason = new TreeMap<>();
    unposted.forEach(
        (reason, amounts) ->
            byReason.put(reason, new Total(unpostedCredits.getOrDefault(reason, 0L), amounts)));
    report.totals(new Total(acceptedCredits, accepted), new Total(postedCredits, posted), byReason);
  }
}
