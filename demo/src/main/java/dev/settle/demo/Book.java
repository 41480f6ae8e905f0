package dev.settle.demo;

import dev.settle.demo.display.Quantiles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import org.HdrHistogram.Histogram;

/** Reads for the summary what stands in the router's book. Blocking. */
final class Book {

  /** Rows that are read at once; a long run leaves millions of batches. */
  private static final int FETCH = 10_000;

  private static final long MOST_MICROS = 24L * 3_600 * 1_000_000;

  private final Connection connection;

  Book(Connection connection) {
    this.connection = connection;
  }

  /** The database's time. */
  Timestamp now() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      return row.getTimestamp(1);
    }
  }

  /** How many credits are on their way: not posted, and not waiting for somebody outside. */
  long underWay() throws SQLException {
    return count(
        "SELECT coalesce(sum(credits), 0) FROM unposted WHERE reason IN ('QUEUED', 'AT_BANK', 'IN_DOUBT',"
            + " 'BANK_ACCEPTED', 'NOT_RECEIVED', 'RAIL_UNAVAILABLE', 'ACCOUNT_UNHEALTHY')");
  }

  /**
   * How many credits are held for a reason that ends with the merchant's route: the router releases
   * them by itself once that is good again.
   */
  long waitingForRoute() throws SQLException {
    return count(
        "SELECT coalesce(sum(credits), 0) FROM unposted WHERE reason IN ('ACCOUNT_FROZEN', 'ACCOUNT_CLOSED',"
            + " 'ACCOUNT_RESTRICTED', 'ACCOUNT_INVALID', 'ACCOUNT_DORMANT', 'NAME_MISMATCH', 'BINDING_STALE',"
            + " 'BINDING_SUPERSEDED', 'VERIFICATION_PENDING', 'NO_BINDING', 'MERCHANT_HOLD')");
  }

  /** How many credits the bank took back after it had posted them. */
  long returned() throws SQLException {
    return count("SELECT count(*) FROM credit_exception WHERE kind = 'RETURNED'");
  }

  /** How long credits took from recorded to posted, over those posted since {@code since}. */
  Quantiles postedLatency(Timestamp since) throws SQLException {
    Histogram micros = new Histogram(MOST_MICROS, 3);
    connection.setAutoCommit(false);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT (extract(epoch FROM settled_at - recorded_at) * 1000000)::bigint, credits - departed_credits"
                + " FROM credit_batch WHERE state = 'POSTED' AND settled_at >= ? AND credits > departed_credits")) {
      statement.setTimestamp(1, since);
      statement.setFetchSize(FETCH);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          micros.recordValueWithCount(
              Math.min(MOST_MICROS, Math.max(0, row.getLong(1))), row.getLong(2));
        }
      }
    } finally {
      connection.setAutoCommit(true);
    }
    return Quantiles.ofMicros(micros);
  }

  private long count(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
