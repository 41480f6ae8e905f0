package dev.settle.router.reconciliation;

import dev.settle.router.rail.StatementEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/**
 * The bank's statement in a temporary table, as it is read. Entries that cannot be the other side
 * of anything in the window are left out.
 */
final class StatementTable implements AutoCloseable {

  private static final String TABLE =
      """
      CREATE TEMP TABLE statement_entry (
        entry_id text NOT NULL, end_to_end_id text NOT NULL, returned boolean NOT NULL, amount_minor bigint NOT NULL,
        currency text NOT NULL, mark text NOT NULL, booked_at timestamptz NOT NULL,
        aggregated boolean, key1 bigint, key2 bigint)
      """;

  private final CopyLines rows;
  private final AccountMarks marks;
  private final Instant end;
  private long entries;

  /**
   * @param end entries that were booked then or later are left out
   */
  StatementTable(Connection connection, AccountMarks marks, Instant end) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
    this.rows = new CopyLines(connection, "statement_entry");
    this.marks = marks;
    this.end = end;
  }

  void add(List<StatementEntry> read) throws SQLException {
    for (StatementEntry entry : read) {
      if (entry.bookedAt().isBefore(end)) {
        add(entry);
      }
    }
  }

  private void add(StatementEntry entry) throws SQLException {
    rows.column(entry.entryId())
        .column(entry.endToEndId())
        .column(entry.kind() == StatementEntry.Kind.RETURN)
        .column(entry.amountMinor())
        .column(entry.currency())
        .column(marks.of(entry.account()))
        .column(entry.bookedAt());
    TransferKey.columns(rows, TransferKey.parse(entry.endToEndId()));
    rows.endRow();
    entries++;
  }

  /** How many entries are in it. */
  long entries() {
    return entries;
  }

  void end() throws SQLException {
    rows.end();
  }

  @Override
  public void close() throws SQLException {
    rows.close();
  }
}
