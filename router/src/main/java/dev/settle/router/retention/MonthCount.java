package dev.settle.router.retention;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The credits of a closed month, counted from their rows. They are never changed, so what was
 * counted holds as long as none is added.
 *
 * @param hash the sum of the rows' hashes
 * @param last the greatest id; null: there is none
 * @param notPosted credits that are not posted as a whole by what their rows say
 */
record MonthCount(List<Total> totals, BigDecimal hash, @Nullable Long last, long notPosted) {

  /**
   * Of one currency.
   *
   * @param minor minor units
   */
  record Total(String currency, long credits, BigDecimal minor) {}

  private static final String COUNT =
      """
      SELECT c.currency, count(*), sum(c.amount_minor),
             sum(hash_record_extended(ROW(c.credit_id, c.amount_minor, c.captured_at, c.account_id, c.local_date, c.batch_no,
               c.stan, c.binding_version, c.merchant_id, c.terminal_id, c.acquirer_id, c.type, c.currency, c.rrn), 0)),
             max(c.credit_id)
      FROM credit c WHERE c.local_date >= ? AND c.local_date < ? GROUP BY c.currency ORDER BY c.currency
      """;

  private static final String NOT_POSTED =
      """
      SELECT count(*) - count(*) FILTER (WHERE s.status = 'POSTED' AND s.posted_minor = s.amount_minor)
      FROM credit c LEFT JOIN credit_standing s ON s.credit_id = c.credit_id AND s.local_date >= ? AND s.local_date < ?
      WHERE c.local_date >= ? AND c.local_date < ?
      """;

  static MonthCount of(Connection connection, LocalDate month) throws SQLException {
    try (Statement plan = connection.createStatement()) {
      // Statistics may not know the rows yet; whole months are joined by hash whatever they say.
      plan.execute("SET enable_nestloop = off; SET jit = off");
    }
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      bounds(statement, 1, month);
      try (ResultSet row = statement.executeQuery()) {
        return read(row, notPosted(connection, month));
      }
    } finally {
      try (Statement plan = connection.createStatement()) {
        plan.execute("RESET enable_nestloop; RESET jit");
      }
    }
  }

  private static MonthCount read(ResultSet row, long notPosted) throws SQLException {
    List<Total> totals = new ArrayList<>();
    BigDecimal hash = BigDecimal.ZERO;
    Long last = null;
    while (row.next()) {
      totals.add(new Total(row.getString(1), row.getLong(2), row.getBigDecimal(3)));
      hash = hash.add(row.getBigDecimal(4));
      last = last == null ? row.getLong(5) : Math.max(last, row.getLong(5));
    }
    return new MonthCount(totals, hash, last, notPosted);
  }

  private static long notPosted(Connection connection, LocalDate month) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NOT_POSTED)) {
      bounds(statement, bounds(statement, 1, month), month);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static int bounds(PreparedStatement statement, int place, LocalDate month)
      throws SQLException {
    statement.setObject(place, month);
    statement.setObject(place + 1, month.plusMonths(1));
    return place + 2;
  }

  long credits() {
    return totals.stream().mapToLong(Total::credits).sum();
  }
}
