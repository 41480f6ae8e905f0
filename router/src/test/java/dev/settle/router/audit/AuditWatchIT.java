package dev.settle.router.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BreaksInvariants;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Operations see that the audit falls behind, and looking costs the same however far it is. */
@ExtendWith(InvariantsHold.class)
class AuditWatchIT {

  private static final String UNLINKED = "settlement_audit_unlinked_oldest_seconds";
  private static final String UNSEALED = "settlement_audit_unsealed_oldest_seconds";
  private static final Pattern TOUCHED = Pattern.compile("(?:hit|read)=(\\d+)");
  private static final double TEN_MINUTES = 600;

  private static final String OLD_EVENT =
      "INSERT INTO audit_event (at, actor, role, action, object, origin, node, detail)"
          + " VALUES (now() - interval '10 minutes', 'test', '', 'LOGGED_IN', 'test', '', '', '{}')";

  /** Gives it back by a commit: what was done on it stays. */
  private static void whileHeld(World world, String row, Check check) throws Exception {
    try (Connection other = world.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT * FROM " + row + " FOR UPDATE");
      check.run();
      other.commit();
    }
  }

  private interface Check {
    void run() throws Exception;
  }

  private static void awaitAge(Api api, String metric, boolean old) {
    Awaitility.await(metric + (old ? " rises" : " falls"))
        .atMost(100, TimeUnit.SECONDS)
        .until(() -> api.metric(metric) >= TEN_MINUTES == old);
  }

  @Test
  void an_event_that_nobody_links_is_seen_until_it_is_linked(World world) throws Exception {
    Api api = world.startNode(1);
    assertThat(api.metric(UNLINKED)).isLessThan(TEN_MINUTES);
    // The oldest is the first: what the start recorded is out of the way.
    Awaitility.await("all is linked")
        .atMost(100, TimeUnit.SECONDS)
        .until(() -> ages(world).startsWith("none"));
    whileHeld(
        world,
        "audit_chain",
        () -> {
          world.execute(OLD_EVENT);
          awaitAge(api, UNLINKED, true);
        });
    awaitAge(api, UNLINKED, false);
    assertThat(world.queryLong("SELECT count(*) FROM audit_link")).isPositive();
  }

  @Test
  void a_credit_that_nobody_seals_is_seen_until_it_is_sealed(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    whileHeld(
        world,
        "book_seal",
        () -> {
          assertThat(api.sell(Documents.saleJson(1, 1)).status()).isEqualTo(201);
          world.settle();
          world.execute(
              "UPDATE credit_batch SET recorded_at = recorded_at - interval '10 minutes'");
          awaitAge(api, UNSEALED, true);
        });
    awaitAge(api, UNSEALED, false);
    assertThat(world.queryLong("SELECT sealed_to FROM book_seal")).isPositive();
  }

  @Test
  void what_cannot_be_read_is_taken_to_grow_old(World world) throws Exception {
    Api api = world.startNode(1);
    try (Connection other = world.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE audit_event, credit_batch");
      Awaitility.await("beyond what a look every few seconds leaves")
          .atMost(100, TimeUnit.SECONDS)
          .until(
              () ->
                  api.metric(UNLINKED) > 2 * Limits.AUDIT_LOOK_EVERY.toSeconds()
                      && api.metric(UNSEALED) > 2 * Limits.AUDIT_LOOK_EVERY.toSeconds());
      other.rollback();
    }
  }

  /** Its commit came late: later ones are linked, it is not. */
  @Test
  void an_event_between_linked_ones_is_seen(World world) throws Exception {
    try (Connection late = world.connect();
        Statement statement = late.createStatement()) {
      late.setAutoCommit(false);
      statement.execute(OLD_EVENT);
      world.execute(OLD_EVENT);
      world.execute("SELECT link_audit(500)");
      assertThat(ages(world)).isEqualTo("none none");
      late.commit();
    }
    assertThat(ages(world)).matches("6[0-9]{2} none");
    world.execute("SELECT link_audit(500)");
    assertThat(ages(world)).isEqualTo("none none");
  }

  private static String ages(World world) throws SQLException {
    return world.queryText(
        "SELECT coalesce(floor(o_unlinked)::text, 'none') || ' ' || coalesce(floor(o_unsealed)::text, 'none')"
            + " FROM audit_behind(1000)");
  }

  /**
   * Of a million events, linked but for the last ones or beyond all that is passed for good, and of
   * a million batches it reads a few pages, by the plan of its first call.
   */
  @Test
  @BreaksInvariants
  void looking_reads_a_few_pages_of_a_million_rows(World world) throws Exception {
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT * FROM audit_behind(1000)");
      million(statement);
      assertThat(pages(statement))
          .as("all unlinked, all unsealed, no statistics")
          .isLessThan(Limits.AUDIT_LOOK_EVENTS * 8);
      statement.execute(
          "INSERT INTO audit_link (seq, event_id, hash) SELECT row_number() OVER (ORDER BY event_id), event_id, sha256('x')"
              + " FROM audit_event WHERE event_id < (SELECT max(event_id) FROM audit_event)");
      assertThat(pages(statement))
          .as("all but one linked, and none passed for good")
          .isLessThan(Limits.AUDIT_LOOK_EVENTS * 8);
      statement.execute("ANALYZE");
      assertThat(pages(statement)).as("by statistics").isLessThan(Limits.AUDIT_LOOK_EVENTS * 8);
      statement.execute(
          "UPDATE audit_chain SET linked_to = (SELECT max(event_id) FROM audit_link)");
      assertThat(pages(statement)).as("as it is every day").isLessThan(200);
      assertThat(ages(world)).matches("[0-9]+ [0-9]+");
    }
  }

  private static void million(Statement statement) throws SQLException {
    statement.execute("SET session_replication_role = replica");
    statement.execute(
        "INSERT INTO audit_event (actor, role, action, object, origin, node, detail)"
            + " SELECT 'test', '', 'LOGGED_IN', 'test', '', '', '{}' FROM generate_series(1, 1000000)");
    statement.execute(
        "INSERT INTO credit_batch (batch_id, rail, currency, state, credits, amount_minor, owner, claim_no)"
            + " SELECT n, 'sandbox', 'CNY', 'POSTED', 1, 1, 1, n FROM generate_series(1, 1000000) n");
  }

  /** How many pages a call touches: what the plan costs, whatever the machine does. */
  private static long pages(Statement statement) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (ResultSet rows =
        statement.executeQuery(
            "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) SELECT * FROM audit_behind("
                + Limits.AUDIT_LOOK_EVENTS
                + ")")) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    long pages = 0;
    Matcher touched = TOUCHED.matcher(plan);
    while (touched.find()) {
      pages += Long.parseLong(touched.group(1));
    }
    assertThat(pages).as(plan.toString()).isPositive();
    return pages;
  }
}
