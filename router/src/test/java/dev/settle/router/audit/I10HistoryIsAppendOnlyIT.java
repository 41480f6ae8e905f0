package dev.settle.router.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.Settings;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The database itself refuses the router's user every change of history. Nodes of every other test
 * run as that user, which shows that it may do all that a node does.
 */
@ExtendWith(InvariantsHold.class)
class I10HistoryIsAppendOnlyIT {

  private static final String NOT_ALLOWED = "42501";

  /** History that even what moves on keeps: whose money it is, and how much. */
  private static final Set<String> HISTORY =
      Set.of(
          "credit",
          "audit_event",
          "audit_link",
          "sealed_departure",
          "route_change",
          "account_status_change",
          "merchant_hold_change",
          "card_change_step",
          "card_change_document",
          "credit_hold_reason",
          "credit_release_order",
          "rail_notification",
          "terminal",
          "archived_total",
          "archive.credit",
          "archive.credit_exception");

  private static final String TABLES =
      """
      SELECT CASE c.relnamespace WHEN 'archive'::regnamespace THEN 'archive.' ELSE '' END || c.relname FROM pg_class c
      WHERE c.relnamespace IN ('public'::regnamespace, 'archive'::regnamespace) AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition
      """;

  private static final String COLUMNS =
      """
      SELECT r.relation, a.attname FROM router_right r
      JOIN pg_attribute a ON a.attrelid = to_regclass(r.relation) AND a.attnum > 0 AND NOT a.attisdropped
      WHERE r.history AND NOT a.attname = ANY (r.columns::name[]) ORDER BY 1, 2
      """;

  private static Connection asRouter(World world) throws SQLException {
    Settings.Database router = world.routerSettings();
    return DriverManager.getConnection(router.jdbcUrl(), router.user(), router.password());
  }

  private static List<String> list(World world, String query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }

  private static void assertRefused(Connection connection, String sql) {
    assertThatThrownBy(
            () -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
              }
            })
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class,
            refused -> assertThat(refused.getSQLState()).as(sql).isEqualTo(NOT_ALLOWED));
  }

  @Test
  void every_table_of_the_database_says_what_the_router_may_do_to_it(World world) throws Exception {
    Set<String> listed = new TreeSet<>(list(world, "SELECT relation FROM router_right"));

    assertThat(listed).isEqualTo(new TreeSet<>(list(world, TABLES)));
    assertThat(
            list(
                world,
                "SELECT relation FROM router_right WHERE history AND columns = '{}' AND rights <> 'INSERT, DELETE'"))
        .containsAll(HISTORY);
  }

  @Test
  void what_was_written_once_is_neither_changed_nor_removed(World world) throws Exception {
    world.startNode(1);
    List<String> refused = new ArrayList<>();
    try (Connection owner = world.connect();
        Statement columns = owner.createStatement();
        Connection router = asRouter(world);
        ResultSet column = columns.executeQuery(COLUMNS)) {
      while (column.next()) {
        String table = column.getString(1);
        String name = column.getString(2);
        assertRefused(router, "UPDATE " + table + " SET " + name + " = DEFAULT");
        refused.add(table + "." + name);
      }
      for (String table : list(world, "SELECT relation FROM router_right WHERE history")) {
        assertRefused(router, "DELETE FROM " + table);
        assertRefused(router, "TRUNCATE " + table);
        assertRefused(router, "ALTER TABLE " + table + " DISABLE TRIGGER ALL");
      }
    }
    assertThat(refused)
        .contains(
            "credit.amount_minor",
            "account.number_cipher",
            "binding.account_id",
            "merchant.name",
            "card_change.account_id",
            "credit_batch.amount_minor",
            "audit_link.hash");
  }

  @Test
  void a_months_partition_is_no_way_around(World world) throws Exception {
    world.startNode(1);
    try (Connection router = asRouter(world)) {
      for (String partition :
          list(
              world,
              "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'credit'::regclass")) {
        assertRefused(router, "UPDATE " + partition + " SET amount_minor = 1");
        assertRefused(router, "DELETE FROM " + partition);
        assertRefused(router, "DROP TABLE " + partition);
        assertRefused(router, "ALTER TABLE credit DETACH PARTITION " + partition);
      }
    }
  }

  /** A revocation that is emptied away would make a revoked key good again. */
  @Test
  void not_even_the_owner_empties_what_keys_and_webhooks_rest_on(World world) throws Exception {
    try (Connection owner = world.connect()) {
      for (String table :
          List.of("api_key", "api_key_revocation", "webhook", "webhook_change", "webhook_secret")) {
        assertThatThrownBy(() -> owner.createStatement().execute("TRUNCATE " + table + " CASCADE"))
            .as(table)
            .hasMessageContaining("is append-only");
      }
    }
  }

  /** A search path of the caller's would make them call what he has made. */
  @Test
  void what_acts_with_the_owners_rights_is_little_and_looks_nowhere_else(World world)
      throws Exception {
    assertThat(
            list(
                world,
                "SELECT proname || ' ' || array_to_string(proconfig, ' ') FROM pg_proc"
                    + " WHERE prosecdef AND pronamespace = 'public'::regnamespace"))
        .extracting(function -> function.replaceAll(" (enable_|jit)\\w*=off", ""))
        .containsExactlyInAnyOrder(
            "audit_change search_path=public, pg_temp",
            "audit_record search_path=public, pg_temp",
            "ensure_credit_partitions search_path=public, pg_temp",
            "link_audit search_path=public, pg_temp",
            "next_webhook_id search_path=public, pg_temp",
            "seal_credits search_path=public, pg_temp",
            "seal_departures search_path=public, pg_temp",
            "summarize_settlements search_path=pg_catalog, pg_temp");
  }

  @Test
  void triggers_and_functions_stay_the_owners(World world) throws Exception {
    try (Connection router = asRouter(world)) {
      assertRefused(router, "SET session_replication_role = replica");
      assertRefused(router, "ALTER TABLE merchant DISABLE TRIGGER audit");
      assertRefused(router, "DROP TRIGGER audit ON account");
      assertRefused(
          router,
          "CREATE OR REPLACE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
      assertRefused(router, "CREATE TABLE credit_of_mine (id bigint)");
      assertRefused(
          router,
          "INSERT INTO audit_event (actor, role, action, object, origin, node, detail) VALUES ('a', '', 'LOGGED_IN', 'b', 'c', 'd', '{}')");
      assertRefused(
          router, "SELECT write_audit_event('a', '', 'MERCHANT_HOLD_SET', 'b', 'c', 'd', '{}')");
      assertRefused(router, "SELECT give_router_rights('settle_router')");
      assertThatThrownBy(
              () ->
                  router
                      .createStatement()
                      .execute(
                          "SELECT audit_record('a', '', 'CARD_CHANGE_MOVED', 'b', 'c', 'd', '{}')"))
          .hasMessageContaining("not a node's to record");
    }
  }
}
