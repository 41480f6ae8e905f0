package dev.settle.router.audit.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.settle.router.access.Role;
import dev.settle.router.audit.check.AuditFault.Kind;
import dev.settle.router.binding.AccountId;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whatever is changed behind the database's back, by somebody who may do everything there, is
 * named; and nothing is where nothing was changed.
 */
@ExtendWith(InvariantsHold.class)
class AuditVerifyIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static AuditReport check(World world, @Nullable AuditHead head) throws SQLException {
    try (Connection connection = world.connect()) {
      return AuditCheck.check(connection, head, (what, count) -> {});
    }
  }

  /** As an administrator can who turns off triggers and constraints. */
  private static void behindItsBack(World world, String... statements) throws SQLException {
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET LOCAL session_replication_role = replica");
      for (String sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    }
  }

  private static void assertFound(World world, @Nullable AuditHead head, Tuple... faults)
      throws SQLException {
    assertThat(check(world, head).faults())
        .extracting(AuditFault::kind, AuditFault::seq, AuditFault::eventId)
        .containsExactly(faults);
  }

  private static void assertUntouched(World world, AuditHead head) throws SQLException {
    AuditReport report = check(world, head);
    assertThat(report.isGood()).as(report.text()).isTrue();
  }

  private static void freeze(Api api, World world, String status) throws SQLException {
    String path = "/v1/accounts/" + AccountId.text(world.accountOf(1)) + "/status";
    String body = "{\"status\":\"" + status + "\",\"reason\":\"the bank called\"}";
    assertThat(api.put(path, Role.OPERATOR, body).status()).isEqualTo(200);
  }

  private static long eventOf(World world, long seq) throws SQLException {
    return world.queryLong("SELECT event_id FROM audit_link WHERE seq = " + seq);
  }

  /** A book of some sales, one of which was held and released, with all of it linked. */
  private static AuditHead lived(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    freeze(api, world, "FROZEN");
    assertThat(api.sell(Documents.saleJson(1, 1)).status()).isEqualTo(201);
    freeze(api, world, "ACTIVE");
    for (int stan = 2; stan < 12; stan++) {
      assertThat(api.sell(Documents.saleJson(1, stan)).status()).isEqualTo(201);
    }
    world.settle();
    Awaitility.await("the held sale went on")
        .atMost(PATIENCE)
        .until(
            () ->
                world.queryLong("SELECT count(*) FROM credit_exception WHERE closed_at IS NULL")
                    == 0);
    world.stopNodes();
    return linked(world);
  }

  private static AuditHead linked(World world) throws Exception {
    while (world.queryLong("SELECT link_audit(100)") > 0) {
      // More to link.
    }
    try (Connection connection = world.connect()) {
      AuditHead head = AuditHead.of(connection);
      assertThat(head).isNotNull();
      return head;
    }
  }

  @Test
  void an_event_that_was_touched_is_named(World world) throws Exception {
    AuditHead head = lived(world);
    assertUntouched(world, head);
    assertThat(check(world, null).events()).isGreaterThan(8);
    world.execute("CREATE TABLE kept AS SELECT * FROM audit_event");
    world.execute("CREATE TABLE kept_link AS SELECT * FROM audit_link");
    long seq = 5;
    long event = eventOf(world, seq);

    for (String change :
        List.of(
            "at = at + interval '1 microsecond'",
            "actor = 'mallory'",
            "role = 'checker'",
            "action = CASE action WHEN 'ROUTE_CHANGED' THEN 'ACCOUNT_ADDED' ELSE 'ROUTE_CHANGED' END",
            "object = object || ' '",
            "reason = coalesce(reason, '') || '!'",
            "origin = '10.0.0.1'",
            "node = 'another'",
            "detail = detail || '{\"approved\": true}'")) {
      String where = " WHERE event_id = " + event;
      behindItsBack(world, "UPDATE audit_event SET " + change + where);
      assertFound(world, head, tuple(Kind.EVENT_CHANGED, seq, event));
      behindItsBack(
          world,
          "DELETE FROM audit_event" + where,
          "INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT * FROM kept" + where);
    }
    assertUntouched(world, head);

    behindItsBack(world, "DELETE FROM audit_event WHERE event_id = " + event);
    assertFound(world, head, tuple(Kind.EVENT_REMOVED, seq, event));
    behindItsBack(world, "DELETE FROM audit_link WHERE seq = " + seq);
    assertFound(world, head, tuple(Kind.LINK_REMOVED, seq, 0L));
    behindItsBack(
        world,
        "INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT * FROM kept WHERE event_id = "
            + event,
        "INSERT INTO audit_link SELECT * FROM kept_link WHERE seq = " + seq);
    assertUntouched(world, head);

    behindItsBack(
        world,
        "INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT 0, at, 'mallory', role, action, object, reason, origin, node,"
            + " detail FROM audit_event WHERE event_id = "
            + event);
    assertFound(world, head, tuple(Kind.EVENT_INSERTED, 0L, 0L));
    // Into the chain, with a hash that is right for its place.
    behindItsBack(
        world,
        "UPDATE audit_link SET seq = seq + 1000000 WHERE seq >= " + seq,
        "UPDATE audit_link SET seq = seq - 999999 WHERE seq > 1000000",
        "INSERT INTO audit_link (seq, event_id, hash) SELECT "
            + seq
            + ", 0, sha256(l.hash || convert_to(audit_text(e), 'UTF8'))"
            + " FROM audit_link l, audit_event e WHERE l.seq = "
            + (seq - 1)
            + " AND e.event_id = 0");
    assertFound(world, null, tuple(Kind.EVENT_INSERTED, seq, 0L));
    behindItsBack(
        world,
        "DELETE FROM audit_event WHERE event_id = 0",
        "DELETE FROM audit_link",
        "INSERT INTO audit_link SELECT * FROM kept_link");
    assertUntouched(world, head);
    world.execute("DROP TABLE kept, kept_link");
  }

  @Test
  void a_link_that_was_touched_is_named(World world) throws Exception {
    AuditHead head = lived(world);
    world.execute("CREATE TABLE kept_link AS SELECT * FROM audit_link");
    String[] restore = {"DELETE FROM audit_link", "INSERT INTO audit_link SELECT * FROM kept_link"};
    long seq = 4;
    long event = eventOf(world, seq);

    behindItsBack(world, "UPDATE audit_link SET hash = sha256('x') WHERE seq = " + seq);
    assertFound(world, head, tuple(Kind.LINK_CHANGED, seq, event));
    behindItsBack(world, restore);

    long next = eventOf(world, seq + 1);
    behindItsBack(
        world,
        "UPDATE audit_link SET event_id = -1 WHERE seq = " + seq,
        "UPDATE audit_link SET event_id = " + event + " WHERE seq = " + (seq + 1),
        "UPDATE audit_link SET event_id = " + next + " WHERE seq = " + seq);
    assertFound(world, head, tuple(Kind.EVENTS_SWAPPED, seq, next));
    behindItsBack(world, restore);
    assertUntouched(world, head);

    // The end is missed by nobody who has kept no head.
    long last = head.seq();
    world.execute("CREATE TABLE kept AS SELECT * FROM audit_event");
    behindItsBack(
        world,
        "DELETE FROM audit_event WHERE event_id IN (SELECT event_id FROM audit_link WHERE seq > "
            + (last - 2)
            + ")",
        "DELETE FROM audit_link WHERE seq > " + (last - 2));
    assertFound(world, null);
    assertFound(world, head, tuple(Kind.TAIL_REMOVED, last - 1, 0L));
    assertFound(world, new AuditHead(0, head.hash()), tuple(Kind.TAIL_REMOVED, last - 1, 0L));
    behindItsBack(
        world,
        "DELETE FROM audit_event",
        "INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT * FROM kept",
        restore[0],
        restore[1]);
    assertUntouched(world, head);
    world.execute("DROP TABLE kept, kept_link");
  }

  @Test
  void an_event_that_no_node_links_in_time_is_named_while_one_runs(World world) throws Exception {
    lived(world);
    String add =
        "INSERT INTO audit_event (at, actor, role, action, object, origin, node, detail)"
            + " VALUES (now() - interval '1 hour', 'a', '', 'LOGGED_IN', 'b', 'c', 'd', '{}')";
    world.execute(add);
    assertThat(check(world, null).isGood()).as("no node runs").isTrue();

    world.execute("UPDATE node_lease SET lease_until = now() + interval '1 hour'");
    AuditReport late = check(world, null);
    assertThat(late.faults()).extracting(AuditFault::kind).containsExactly(Kind.NOT_LINKED);
    assertThat(late.text())
        .contains("not linked yet: 1 events")
        .doesNotContain("THE RECORD WAS CHANGED");
    linked(world);
    assertThat(check(world, null).isGood()).isTrue();
  }

  /** Else a node that sees small batches alone would rest after each step. */
  @Test
  void sealing_says_that_there_is_more(World world) throws Exception {
    lived(world);
    String step = "SELECT CASE WHEN o_more THEN 1 ELSE 0 END FROM seal_credits(%d, %d)";
    Awaitility.await("nothing is under way any more")
        .atMost(PATIENCE)
        .until(() -> world.queryLong(String.format(step, 1, 2_000)) == 1);

    assertThat(world.queryLong(String.format(step, 500, 1))).as("by credits").isEqualTo(1);
    assertThat(world.queryLong(String.format(step, 500, 2_000))).as("all").isEqualTo(0);
    assertThat(
            world.queryLong(
                "SELECT (detail->>'to')::bigint FROM audit_event"
                    + " WHERE action = 'CREDITS_SEALED' ORDER BY event_id DESC LIMIT 1"))
        .isEqualTo(world.queryLong("SELECT max(batch_id) FROM credit_batch"));
  }

  @Test
  void a_sealed_credit_or_departure_that_was_touched_is_named(World world) throws Exception {
    lived(world);
    Awaitility.await("sealed")
        .atMost(PATIENCE)
        .until(() -> world.queryLong("SELECT o_credits FROM seal_credits(500, 2000)") == 11);
    assertThat(world.queryLong("SELECT seal_departures(5000, '1 hour')")).isEqualTo(1);
    AuditHead head = linked(world);
    AuditReport untouched = check(world, head);
    assertThat(untouched.isGood()).as(untouched.text()).isTrue();
    assertThat(untouched.sealedCredits()).isEqualTo(11);
    assertThat(untouched.sealedDepartures()).isEqualTo(1);
    long credits = eventOf(world, head.seq() - 1);
    long departures = eventOf(world, head.seq());
    world.execute("CREATE TABLE kept AS SELECT * FROM credit");
    String where = " WHERE credit_id = (SELECT max(credit_id) FROM kept)";

    behindItsBack(world, "UPDATE credit SET amount_minor = amount_minor + 1" + where);
    assertFound(world, head, tuple(Kind.CREDIT_CHANGED, head.seq() - 1, credits));
    assertThat(check(world, null).faults().get(0).what())
        .startsWith("batches 1 to ")
        .contains("CNY");
    behindItsBack(world, "DELETE FROM credit" + where);
    assertFound(world, head, tuple(Kind.CREDIT_REMOVED, head.seq() - 1, credits));
    behindItsBack(
        world,
        "INSERT INTO credit SELECT * FROM kept" + where,
        "INSERT INTO credit SELECT credit_id + 1, amount_minor, captured_at, account_id, local_date, batch_no, stan + 500,"
            + " binding_version, merchant_id, terminal_id, acquirer_id, type, currency, rrn FROM kept"
            + where);
    assertFound(world, head, tuple(Kind.CREDIT_INSERTED, head.seq() - 1, credits));
    behindItsBack(world, "DELETE FROM credit", "INSERT INTO credit SELECT * FROM kept");

    world.execute("CREATE TABLE kept_departure AS SELECT * FROM credit_exception");
    behindItsBack(world, "UPDATE credit_exception SET to_account = to_account + 1");
    assertFound(world, head, tuple(Kind.DEPARTURE_CHANGED, head.seq(), departures));
    behindItsBack(world, "DELETE FROM credit_exception");
    assertFound(world, head, tuple(Kind.DEPARTURE_REMOVED, head.seq(), departures));
    behindItsBack(
        world,
        "INSERT INTO credit_exception SELECT * FROM kept_departure",
        "UPDATE sealed_departure SET hash = sha256('x')");
    assertThat(check(world, head).faults())
        .extracting(AuditFault::kind)
        .containsExactly(Kind.DEPARTURE_SEAL_CHANGED, Kind.DEPARTURE_CHANGED);
    behindItsBack(
        world,
        "UPDATE sealed_departure SET hash = (SELECT sha256(record_send(ROW("
            + "e.credit_id, e.exception_no, e.attempt, e.batch_id, e.kind, e.reason, e.bank_code, e.merchant_id, e.amount_minor,"
            + "e.currency, e.decided_version, e.release_ordered, e.movable, e.next_at, e.tries, e.returned_minor, e.rest_refused,"
            + "e.money_back_at, e.opened_at, e.closed_at, e.closed_as, e.to_batch, e.to_account, e.to_version)))"
            + " FROM credit_exception e)");
    assertUntouched(world, head);
    world.execute("DROP TABLE kept, kept_departure");
  }
}
