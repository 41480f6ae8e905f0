package dev.settle.router.reconciliation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies rows through this process into a table, a page at a time: a cursor and a COPY cannot share
 * a connection, and all rows at once would not be bounded.
 */
final class PagedCopy {

  private static final int PAGE = 10_000;

  private final Connection connection;

  PagedCopy(Connection connection) {
    this.connection = connection;
  }

  /** What becomes of a row: the columns to be written, the first a number that ascends. */
  @FunctionalInterface
  interface RowOf {
    @Nullable Object[] columns(ResultSet row) throws SQLException;
  }

  /**
   * Copies all of it.
   *
   * @param query its parameters are {@code rail}, the number after which a page begins, and how
   *     many rows it has
   */
  void copy(String query, String rail, String table, RowOf rowOf) throws SQLException {
    long after = 0;
    List<@Nullable Object[]> page;
    do {
      page = page(query, rail, after, rowOf);
      if (!page.isEmpty()) {
        write(table, page);
        after = last(page);
      }
    } while (page.size() == PAGE);
  }

  private List<@Nullable Object[]> page(String query, String rail, long after, RowOf rowOf)
      throws SQLException {
    List<@Nullable Object[]> page = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, rail);
      statement.setLong(2, after);
      statement.setInt(3, PAGE);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          page.add(rowOf.columns(row));
        }
      }
    }
    return page;
  }

  private static long last(List<@Nullable Object[]> page) {
    return page.get(page.size() - 1)[0] instanceof Long number ? number : Long.MAX_VALUE;
  }

  private void write(String table, List<@Nullable Object[]> page) throws SQLException {
    try (CopyLines rows = new CopyLines(connection, table)) {
      for (@Nullable Object[] columns : page) {
        for (Object column : columns) {
          rows.column(column);
        }
        rows.endRow();
      }
      rows.end();
    }
  }
}
