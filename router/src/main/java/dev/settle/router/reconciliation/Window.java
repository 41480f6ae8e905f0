package dev.settle.router.reconciliation;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Which movements are compared: those that were posted here, or booked there, in this time. The
 * other side of each may lie outside of it.
 *
 * @param since inclusive
 * @param until exclusive
 */
public record Window(Instant since, Instant until) {

  public Window {
    if (!since.isBefore(until)) {
      throw new IllegalArgumentException("since is not before until");
    }
  }

  /** The time as JDBC's drivers take it. */
  static OffsetDateTime sql(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  /** Fills pairs of parameters from {@code first} on, {@code times} times; returns the next. */
  int set(PreparedStatement statement, int first, int times) throws SQLException {
    int place = first;
    for (int i = 0; i < times; i++) {
      statement.setObject(place++, sql(since));
      statement.setObject(place++, sql(until));
    }
    return place;
  }
}
