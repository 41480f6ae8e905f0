package dev.settle.router.audit.check;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as a table for a person: the newest that fit, the newest last. Blocking. */
public final class AuditList {

  private static final String NEWEST =
      """
      SELECT e.event_id, l.seq, e.at, e.actor, e.role, e.action, e.object, e.reason, e.origin
      FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.event_id
      WHERE (?::text IS NULL OR e.object = ?) AND (?::text IS NULL OR e.actor = ?) AND (?::text IS NULL OR e.action = ?)
        AND (?::timestamptz IS NULL OR e.at >= ?)
      ORDER BY e.event_id DESC LIMIT ?
      """;

  private AuditList() {}

  /**
   * What is asked for; null: any.
   *
   * @param object such as {@code merchant M000001}
   * @param action such as {@code ACCOUNT_STATUS_SET}
   */
  public record Filter(
      @Nullable String object,
      @Nullable String actor,
      @Nullable String action,
      @Nullable Instant since) {}

  /** Lines of the table, the first of which names the columns. */
  public static List<String> lines(Connection connection, Filter filter, int most)
      throws SQLException {
    List<String> lines = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
      int at = 1;
      for (String text : new @Nullable String[] {filter.object, filter.actor, filter.action}) {
        statement.setString(at++, text);
        statement.setString(at++, text);
      }
      Instant since = filter.since;
      OffsetDateTime from = since == null ? null : since.atOffset(ZoneOffset.UTC);
      statement.setObject(at++, from);
      statement.setObject(at++, from);
      statement.setInt(at, most);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          lines.add(line(row));
        }
      }
    }
    lines.add(format("link", "at", "who", "action", "object", "why", "from"));
    Collections.reverse(lines);
    return lines;
  }

  private static String line(ResultSet row) throws SQLException {
    String role = row.getString("role");
    String seq = row.getString("seq");
    return format(
        seq == null ? "-" : seq,
        row.getObject("at", OffsetDateTime.class).toInstant().toString(),
        row.getString("actor") + (role.isEmpty() ? "" : " (" + role + ")"),
        row.getString("action"),
        row.getString("object"),
        row.getString("reason"),
        row.getString("origin"));
  }

  private static String format(
      String link,
      String at,
      String who,
      String action,
      String object,
      @Nullable String why,
      String from) {
    return String.format(
        "%8s  %-27s  %-24s  %-26s  %-32s  %-15s  %s",
        link, at, oneLine(who), action, oneLine(object), from, why == null ? "" : oneLine(why));
  }

  /** Nothing that a caller wrote moves the cursor or breaks the table. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
