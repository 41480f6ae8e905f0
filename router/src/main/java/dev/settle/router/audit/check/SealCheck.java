package dev.settle.router.audit.check;

import dev.settle.router.audit.check.AuditFault.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes every seal of the book anew, from the rows as they are now, hot and archived. Shares no
 * code with what seals; the digests are computed by the database, over the same columns.
 */
final class SealCheck {

  private static final int FETCH = 200;

  private static final String SEALS =
      """
      SELECT e.event_id, coalesce(l.seq, 0), e.object, e.detail::text FROM audit_event e
      LEFT JOIN audit_link l ON l.event_id = e.event_id WHERE e.action = '%s' ORDER BY e.event_id
      """;

  private static final String CREDITS =
      """
      SELECT to_char(date_trunc('month', c.local_date), 'YYYY-MM-DD'), c.currency, count(*), sum(c.amount_minor),
             encode(sha256(string_agg(record_send(ROW(
               c.credit_id, c.amount_minor, c.captured_at, c.account_id, c.local_date, c.batch_no, c.stan, c.binding_version,
               c.merchant_id, c.terminal_id, c.acquirer_id, c.type, c.currency, c.rrn)), ''::bytea ORDER BY c.credit_id)), 'hex')
      FROM every_credit c WHERE c.credit_id >= ?::bigint << 12 AND c.credit_id < (?::bigint + 1) << 12
      GROUP BY 1, 2
      """;

  private static final String DEPARTURES =
      """
      WITH now AS (
        SELECT d.credit_id, d.exception_no, d.month, d.hash, x.hash AS found
        FROM sealed_departure d LEFT JOIN LATERAL (
          SELECT sha256(record_send(ROW(
                   e.credit_id, e.exception_no, e.attempt, e.batch_id, e.kind, e.reason, e.bank_code, e.merchant_id,
                   e.amount_minor, e.currency, e.decided_version, e.release_ordered, e.movable, e.next_at, e.tries,
                   e.returned_minor, e.rest_refused, e.money_back_at, e.opened_at, e.closed_at, e.closed_as, e.to_batch,
                   e.to_account, e.to_version))) AS hash
          FROM every_exception e
          WHERE e.credit_id = d.credit_id AND e.exception_no = d.exception_no LIMIT 1) x ON true
        WHERE d.event_id = ?)
      SELECT count(*),
             encode(sha256(coalesce(string_agg(int8send(credit_id) || int4send(exception_no) || hash, ''::bytea
                                               ORDER BY credit_id, exception_no), ''::bytea)), 'hex'),
             min(CASE WHEN found <> hash THEN credit_id || ' no. ' || exception_no END),
             count(*) FILTER (WHERE found <> hash),
             min(CASE WHEN found IS NULL AND NOT EXISTS (
                   SELECT FROM archived_month m WHERE m.month = now.month AND m.state = 'TAKEN_OUT')
                 THEN credit_id || ' no. ' || exception_no END)
      FROM now
      """;

  private final AuditReport report;
  private final AuditProgress progress;
  private final Set<String> takenOut = new HashSet<>();

  /**
   * One month's credits of a range in one currency.
   *
   * @param minor as text: it may exceed a long
   */
  private record Part(long credits, String minor, String digest) {}

  /** A seal as it was recorded. */
  private record Seal(long eventId, long seq, String object, JsonObject detail) {}

  SealCheck(AuditReport report, AuditProgress progress) {
    this.report = report;
    this.progress = progress;
  }

  void walk(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet months =
            statement.executeQuery(
                "SELECT to_char(month, 'YYYY-MM-DD') FROM archived_month WHERE state = 'TAKEN_OUT'")) {
      while (months.next()) {
        takenOut.add(months.getString(1));
      }
    }
    credits(connection);
    departures(connection);
  }

  private void credits(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        PreparedStatement now = connection.prepareStatement(CREDITS)) {
      statement.setFetchSize(FETCH);
      long next = 1;
      try (ResultSet row = statement.executeQuery(SEALS.formatted("CREDITS_SEALED"))) {
        while (row.next()) {
          Seal seal = seal(row);
          long from = seal.detail().getLong("from", 0L);
          if (from != next) {
            fault(
                Kind.SEAL_MISSING, seal, "batches " + next + " to " + (from - 1) + " have no seal");
          }
          next = seal.detail().getLong("to", 0L) + 1;
          compare(seal, partsOf(seal), partsNow(now, from, next - 1));
          progress.tell("sealed credits", report.sealedCredits);
        }
      }
    }
  }

  private Seal seal(ResultSet row) throws SQLException {
    report.seals++;
    return new Seal(
        row.getLong(1), row.getLong(2), row.getString(3), new JsonObject(row.getString(4)));
  }

  private static Map<String, Part> partsOf(Seal seal) {
    Map<String, Part> parts = new HashMap<>();
    JsonArray all = seal.detail().getJsonArray("parts", new JsonArray());
    for (int i = 0; i < all.size(); i++) {
      JsonObject part = all.getJsonObject(i);
      parts.put(
          part.getString("month") + " " + part.getString("currency"),
          new Part(
              part.getLong("credits"),
              String.valueOf(part.getValue("minor")),
              part.getString("digest")));
    }
    return parts;
  }

  private static Map<String, Part> partsNow(PreparedStatement now, long from, long to)
      throws SQLException {
    now.setLong(1, from);
    now.setLong(2, to);
    Map<String, Part> parts = new HashMap<>();
    try (ResultSet row = now.executeQuery()) {
      while (row.next()) {
        parts.put(
            row.getString(1) + " " + row.getString(2),
            new Part(row.getLong(3), row.getString(4), row.getString(5)));
      }
    }
    return parts;
  }

  private void compare(Seal seal, Map<String, Part> sealed, Map<String, Part> found) {
    Set<String> names = new HashSet<>(sealed.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      Part was = sealed.get(name);
      Part is = found.get(name);
      if (was != null && is == null && takenOut.contains(name.substring(0, 10))) {
        report.takenOut += was.credits();
        continue;
      }
      report.sealedCredits += was == null ? 0 : was.credits();
      if (was == null || !was.equals(is)) {
        fault(kind(was, is), seal, seal.object() + ", credits of " + name + ": " + words(was, is));
      }
    }
  }

  private static Kind kind(@Nullable Part was, @Nullable Part is) {
    long before = was == null ? 0 : was.credits();
    long now = is == null ? 0 : is.credits();
    return now < before
        ? Kind.CREDIT_REMOVED
        : now > before ? Kind.CREDIT_INSERTED : Kind.CREDIT_CHANGED;
  }

  private static String words(@Nullable Part was, @Nullable Part is) {
    return "sealed " + sum(was) + ", there are " + sum(is);
  }

  private static String sum(@Nullable Part part) {
    return part == null ? "none" : part.credits() + " of " + part.minor() + " minor units";
  }

  private void departures(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        PreparedStatement now = connection.prepareStatement(DEPARTURES)) {
      statement.setFetchSize(FETCH);
      try (ResultSet row = statement.executeQuery(SEALS.formatted("DEPARTURES_SEALED"))) {
        while (row.next()) {
          Seal seal = seal(row);
          now.setLong(1, seal.eventId());
          try (ResultSet found = now.executeQuery()) {
            found.next();
            compare(seal, found);
          }
          progress.tell("sealed departures", report.sealedDepartures);
        }
      }
    }
  }

  private void compare(Seal seal, ResultSet found) throws SQLException {
    long sealed = seal.detail().getLong("departures", 0L);
    report.sealedDepartures += sealed;
    if (found.getLong(1) != sealed
        || !found.getString(2).equals(seal.detail().getString("digest"))) {
      fault(
          Kind.DEPARTURE_SEAL_CHANGED,
          seal,
          seal.object() + ": what was sealed is not what stands in sealed_departure");
    }
    String changed = found.getString(3);
    if (changed != null) {
      fault(
          Kind.DEPARTURE_CHANGED,
          seal,
          seal.object()
              + ": "
              + found.getLong(4)
              + " are not as they were sealed, the first is "
              + changed);
    }
    String gone = found.getString(5);
    if (gone != null) {
      fault(
          Kind.DEPARTURE_REMOVED,
          seal,
          seal.object() + ": not all are there, the first is " + gone);
    }
  }

  private void fault(Kind kind, Seal seal, String what) {
    report.fault(kind, seal.seq(), seal.eventId(), what);
  }
}
