package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.access.Role;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Migrations;
import dev.settle.router.platform.Settings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Nodes of this version work on the schema of the next one: it is applied under them, and they are
 * replaced one by one. {@code db/next} is what a next release may do to a schema.
 */
@ExtendWith(InvariantsHold.class)
class UpgradeIT {

  private static final List<String> NEXT = List.of(Migrations.OWN, "classpath:db/next");
  private static final int ADDED = 6;
  private static final List<String> PEOPLE_READ =
      List.of(
          "/v1/breaks",
          "/v1/card-changes?state=EFFECTIVE",
          "/v1/merchants/M000001",
          "/v1/merchants/M000001/bindings",
          "/v1/merchants/M000001/unposted",
          "/v1/rails",
          "/v1/rail-orders",
          "/v1/resolutions",
          "/v1/unposted");

  private static int upgrade(World world) {
    return MigrateCommand.applied(world.databaseSettings(), NEXT);
  }

  private static void read(SellingTerminals terminals) {
    while (terminals.goesOn()) {
      for (Api node : terminals.ready()) {
        for (String path : PEOPLE_READ) {
          Api.Answer answer = node.get(path, Role.AUDITOR);
          if (answer.status() != 200) {
            terminals.failed(path + ": " + answer.status() + " " + answer.body());
          }
        }
      }
      SellingTerminals.pause(20);
    }
  }

  @Test
  void no_request_fails_while_the_schema_and_then_the_nodes_become_newer(World world)
      throws Exception {
    SellingTerminals terminals = new SellingTerminals(world);
    terminals.start();
    terminals.also("auditor", () -> read(terminals));
    terminals.sellOn(200);

    assertThat(upgrade(world)).isEqualTo(ADDED);
    terminals.sellOn(200);
    // As a node of the next version does, while nodes of this one write the same rows.
    world.execute("UPDATE credit_batch SET note = 'seen'");
    world.execute("SELECT ensure_credit_partitions('2041-01-01', '2041-01-01')");
    terminals.replaceEveryNode();
    terminals.sellOn(200);
    terminals.finish();

    assertThat(terminals.failed()).isEmpty();
    world.settle();
    assertThat(world.verify().posted().credits()).isEqualTo(terminals.sold());
  }

  @Test
  void a_node_serves_a_newer_schema_and_refuses_an_older_one(World world) throws Exception {
    upgrade(world);
    SchemaCheck.require(world.databaseSettings());
    assertThat(standing(world)).isEqualTo(new Migrations.Standing(0, ADDED));
    Settings.Database database = world.databaseSettings();
    assertThat(Migrations.migrate(database.jdbcUrl(), database.user(), database.password()))
        .as("an older version's `migrate` changes nothing")
        .isZero();

    world.execute(
        "DELETE FROM flyway_schema_history WHERE version::integer > 1000 OR version = (SELECT max(version::integer)::text"
            + " FROM flyway_schema_history WHERE version::integer < 1000)");

    assertThat(standing(world)).isEqualTo(new Migrations.Standing(1, 0));
    assertThatThrownBy(() -> SchemaCheck.require(database))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "the database lacks 1 migrations of this version: run `settle migrate` of this version"
                + " first");
  }

  private static Migrations.Standing standing(World world) {
    Settings.Database database = world.databaseSettings();
    return Migrations.standing(database.jdbcUrl(), database.user(), database.password());
  }

  @Test
  void a_migration_that_has_to_wait_for_a_reader_gives_up_and_says_so(World world)
      throws Exception {
    try (Connection reader = reader(world)) {
      assertThatThrownBy(() -> upgrade(world))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("waited longer than " + Limits.MIGRATION_LOCK.toMillis() + " ms");
      assertThat(reader.isClosed()).isFalse();
    }

    assertThat(standing(world)).isEqualTo(new Migrations.Standing(0, 0));
    assertThat(upgrade(world)).isEqualTo(ADDED);
  }

  /** As `verify` does: one long look at the book. */
  private static Connection reader(World world) throws SQLException {
    Connection connection = world.connect();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOCK TABLE credit IN ACCESS SHARE MODE");
    }
    return connection;
  }
}
