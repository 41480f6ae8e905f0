package dev.settle.router.audit.check;

import dev.settle.router.audit.check.AuditFault.Kind;
import dev.settle.router.platform.Limits;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks the chain from its beginning and computes every hash anew. Reads one link after the other,
 * however many there are. What a wrong hash means is known with the link after it: if that goes on
 * from the hash that is there, the event was changed; if from the hash that should be there, the
 * link was.
 */
final class ChainCheck {

  private static final int FETCH = 1_000;

  private static final String LINKS =
      """
      SELECT l.seq, l.event_id, l.hash, e.event_id IS NOT NULL, e.event_id::text,
             (extract(epoch FROM e.at) * 1000000)::bigint::text, e.actor, e.role, e.action, e.object, e.reason, e.origin,
             e.node, e.detail::text
      FROM audit_link l LEFT JOIN audit_event e ON e.event_id = l.event_id ORDER BY l.seq
      """;

  private static final int FIRST_COLUMN = 5;
  private static final int LAST_COLUMN = 14;

  /** Below where the chain goes on, or above. */
  private static final String NOT_LINKED =
      """
      SELECT e.event_id, e.action || ' of ' || e.object, e.event_id <= c.linked_to,
             e.at < clock_timestamp() - make_interval(secs => %d)
               AND EXISTS (SELECT FROM node_lease n WHERE n.lease_until > clock_timestamp())
      FROM audit_event e CROSS JOIN audit_chain c LEFT JOIN audit_link l ON l.event_id = e.event_id
      WHERE l.event_id IS NULL ORDER BY e.event_id
      """
          .formatted(Limits.AUDIT_LATE.toSeconds());

  private final AuditReport report;
  private final @Nullable AuditHead wanted;
  private final AuditProgress progress;
  private @Nullable Link doubted;
  private @Nullable Link last;
  private boolean headSeen;

  /**
   * A link, and the hash that it should have.
   *
   * @param columns of its event; empty: it is gone
   * @param computed null where that cannot be said
   */
  private record Link(
      long seq,
      long eventId,
      byte[] hash,
      List<@Nullable String> columns,
      byte[] before,
      byte @Nullable [] computed) {

    boolean isRight() {
      return computed == null || Arrays.equals(computed, hash);
    }

    String name() {
      return columns.get(4) + " of " + columns.get(5);
    }
  }

  ChainCheck(AuditReport report, @Nullable AuditHead wanted, AuditProgress progress) {
    this.report = report;
    this.wanted = wanted;
    this.progress = progress;
  }

  void walk(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet row = statement.executeQuery(LINKS)) {
        while (row.next()) {
          look(row);
          progress.tell("events of the audit", report.events);
        }
      }
      end();
      notLinked(statement);
    }
  }

  private void look(ResultSet row) throws SQLException {
    report.events++;
    long seq = row.getLong(1);
    long expected = last == null ? 1 : last.seq() + 1;
    Link link = link(row, seq == expected);
    boolean excused = settleDoubt(link);
    if (seq != expected) {
      report.fault(
          Kind.LINK_REMOVED,
          expected,
          0,
          seq - expected == 1
              ? "the link is not there"
              : "the links up to " + (seq - 1) + " are not there");
    }
    if (link.columns().isEmpty()) {
      report.fault(Kind.EVENT_REMOVED, seq, link.eventId(), "the event is not there");
    } else if (isAfterInserted(link)) {
      report.fault(
          Kind.EVENT_INSERTED,
          seq - 1,
          Objects.requireNonNull(last).eventId(),
          "the chain goes on as if this link were not there");
    } else if (!link.isRight() && !excused) {
      doubted = link;
    }
    holdAgainstHead(link);
    last = link;
  }

  /** Whether the link was made to follow the one before the last, which has a right hash itself. */
  private boolean isAfterInserted(Link link) {
    Link inserted = last;
    return inserted != null
        && inserted.isRight()
        && !link.isRight()
        && Arrays.equals(EventText.hash(inserted.before(), link.columns()), link.hash());
  }

  private Link link(ResultSet row, boolean follows) throws SQLException {
    byte[] hash = row.getBytes(3);
    byte[] before = last == null ? EventText.beginning() : last.hash();
    List<@Nullable String> columns = new ArrayList<>();
    if (row.getBoolean(4)) {
      for (int column = FIRST_COLUMN; column <= LAST_COLUMN; column++) {
        columns.add(row.getString(column));
      }
    }
    boolean known = follows && !columns.isEmpty();
    return new Link(
        row.getLong(1),
        row.getLong(2),
        hash,
        columns,
        before,
        known ? EventText.hash(before, columns) : null);
  }

  /**
   * The link after the one that is wrong says what was done; null: there is none. Whether that is
   * why the next one is wrong as well.
   */
  private boolean settleDoubt(@Nullable Link next) {
    Link wrong = doubted;
    doubted = null;
    byte[] computed = wrong == null ? null : wrong.computed();
    if (wrong == null || computed == null) {
      return false;
    }
    List<@Nullable String> columns = next == null ? List.of() : next.columns();
    if (next != null
        && !columns.isEmpty()
        && Arrays.equals(EventText.hash(computed, columns), next.hash())) {
      report.fault(
          Kind.LINK_CHANGED,
          wrong.seq(),
          wrong.eventId(),
          "the hash is not that of its event; the chain goes on from the one that should be here");
      return true;
    }
    if (next != null
        && !columns.isEmpty()
        && Arrays.equals(EventText.hash(wrong.before(), columns), wrong.hash())) {
      report.fault(
          Kind.EVENTS_SWAPPED,
          wrong.seq(),
          wrong.eventId(),
          "this link was made for event " + next.eventId() + ", which stands at " + next.seq());
      return true;
    }
    report.fault(
        Kind.EVENT_CHANGED,
        wrong.seq(),
        wrong.eventId(),
        wrong.name() + " is not what was recorded");
    return false;
  }

  private void holdAgainstHead(Link link) {
    AuditHead head = wanted;
    if (head == null) {
      return;
    }
    boolean same = HexFormat.of().formatHex(link.hash()).equals(head.hash());
    if (link.seq() == head.seq() && !same) {
      report.fault(
          Kind.LINK_CHANGED,
          link.seq(),
          link.eventId(),
          "the hash is not that of the head that was kept");
    }
    headSeen |= same || link.seq() == head.seq();
  }

  private void end() {
    settleDoubt(null);
    Link end = last;
    report.head =
        end == null ? null : new AuditHead(end.seq(), HexFormat.of().formatHex(end.hash()));
    AuditHead head = wanted;
    if (head != null && !headSeen) {
      long seq = end == null ? 0 : end.seq();
      report.fault(
          Kind.TAIL_REMOVED,
          seq + 1,
          0,
          head.seq() == 0
              ? "no link has the hash of the head that was kept"
              : "the chain ends at " + seq + ", and was kept up to " + head.seq());
    }
  }

  private void notLinked(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(NOT_LINKED)) {
      while (row.next()) {
        if (row.getBoolean(3)) {
          report.fault(
              Kind.EVENT_INSERTED,
              0,
              row.getLong(1),
              row.getString(2) + " is in no link, and the chain had passed it");
        } else if (row.getBoolean(4)) {
          report.fault(
              Kind.NOT_LINKED,
              0,
              row.getLong(1),
              row.getString(2) + " waits too long to be linked");
        } else {
          report.waiting++;
        }
      }
    }
  }
}
