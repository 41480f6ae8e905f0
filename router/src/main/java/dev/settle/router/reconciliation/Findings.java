package dev.settle.router.reconciliation;

import dev.settle.router.platform.Limits;
import dev.settle.router.reconciliation.Report.GoneBreak;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads what a {@link Comparison} left in its tables. */
final class Findings {

  private final Connection connection;

  Findings(Connection connection) {
    this.connection = connection;
  }

  /**
   * @param wholeSince breaks of transfers that were sent since then can be told to be gone
   */
  Report report(Instant wholeSince) throws SQLException {
    Report.Sum sum = new Report.Sum();
    try (PreparedStatement statement = connection.prepareStatement(ComparisonSql.TOTALS);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        sum.add(
            row.getString(1), row.getBoolean(2), row.getString(3), row.getLong(4), row.getLong(5));
      }
    }
    List<GoneBreak> gone = new ArrayList<>();
    long all = 0;
    try (PreparedStatement statement = connection.prepareStatement(ComparisonSql.TO_BE_CLOSED)) {
      statement.setObject(1, Window.sql(wholeSince));
      statement.setInt(2, Limits.BREAKS_TO_CLOSE_LISTED);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          gone.add(new GoneBreak(row.getLong(1), row.getString(2), row.getString(3)));
          all = row.getLong(4);
        }
      }
    }
    return sum.report(gone, all);
  }

  /** Hands over every difference; the connection must not commit meanwhile. */
  void differences(DifferenceSink sink) throws SQLException, IOException {
    try (PreparedStatement statement = connection.prepareStatement(ComparisonSql.DIFFERENCES)) {
      statement.setFetchSize(Limits.DIFFERENCES_AT_ONCE);
      List<Difference> some = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          some.add(difference(row));
          if (some.size() == Limits.DIFFERENCES_AT_ONCE) {
            sink.take(some);
            some = new ArrayList<>();
          }
        }
      }
      if (!some.isEmpty()) {
        sink.take(some);
      }
    }
  }

  private static Difference difference(ResultSet row) throws SQLException {
    DifferenceKind kind = DifferenceKind.valueOf(row.getString("verdict"));
    boolean aggregated = row.getBoolean("aggregated");
    boolean known = row.getBoolean("known");
    String id = row.getString("end_to_end_id");
    int attempt = row.getInt("key2");
    return new Difference(
        kind,
        row.getBoolean("returned"),
        id != null
            ? id
            : new TransferKey(aggregated, row.getLong("key1"), row.getLong("key2")).endToEndId(),
        known ? credits(row) : List.of(),
        known && !aggregated ? Integer.valueOf(attempt) : null,
        known ? Long.valueOf(row.getLong("ours")) : null,
        kind == DifferenceKind.MISSING_AT_BANK ? null : Long.valueOf(row.getLong("theirs")),
        row.getString("currency"),
        kind == DifferenceKind.MISSING_AT_BANK
            ? row.getString("currency")
            : row.getString("their_currency"),
        row.getLong("entries"));
  }

  private static List<Long> credits(ResultSet row) throws SQLException {
    Array credits = row.getArray("credits");
    return credits == null ? List.of() : List.of((Long[]) credits.getArray());
  }
}
