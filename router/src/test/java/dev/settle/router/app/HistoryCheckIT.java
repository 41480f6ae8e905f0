package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.audit.check.AuditCheck;
import dev.settle.router.audit.check.AuditReport;
import dev.settle.router.invariant.InvariantCheck;
import dev.settle.router.invariant.Witnesses;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Settings;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A node does not start as a user who could rewrite history; {@code migrate} makes one who cannot.
 */
@ExtendWith(InvariantsHold.class)
class HistoryCheckIT {

  @AfterEach
  void forget() {
    System.getProperties().keySet().removeIf(name -> name.toString().startsWith("settle."));
  }

  private static void assertRefused(World world, String could) {
    assertThatThrownBy(() -> HistoryCheck.require(world.routerSettings()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("the database user settle_router " + could)
        .hasMessageContaining("run `settle migrate` as the owner");
  }

  @Test
  void who_could_rewrite_it_is_refused_with_what_he_could(World world) throws Exception {
    assertThatThrownBy(() -> HistoryCheck.require(world.databaseSettings()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("the database user postgres is a superuser");
    assertThatCode(() -> HistoryCheck.require(world.routerSettings())).doesNotThrowAnyException();

    world.execute("GRANT UPDATE (amount_minor) ON credit TO settle_router");
    assertRefused(world, "may change or remove rows of credit,");
    world.execute("GRANT DELETE ON settlement_break TO settle_router");
    world.execute("REVOKE UPDATE (amount_minor) ON credit FROM settle_router");
    assertRefused(world, "may change or remove rows of settlement_break");
    world.execute("CREATE TABLE of_next_release (id bigint)");
    world.execute("GRANT UPDATE ON of_next_release TO settle_router");
    World.ROUTER.giveRights(world.databaseSettings());
    assertThatCode(() -> HistoryCheck.require(world.routerSettings())).doesNotThrowAnyException();
    world.execute("ALTER TABLE of_next_release OWNER TO settle_router");
    assertRefused(world, "owns of_next_release");
    world.execute("DROP TABLE of_next_release");
  }

  @Test
  void migrate_makes_the_user_with_its_rights(World world) throws Exception {
    Map.of(
            "settle.database.url", world.databaseSettings().url(),
            "settle.database.user", world.databaseSettings().user(),
            "settle.database.password", world.databaseSettings().password(),
            "settle.database.router.user", "Another \"router\"",
            "settle.database.router.password", "it's secret")
        .forEach(System::setProperty);
    StringWriter out = new StringWriter();
    try {
      int exit =
          Cli.run(Main.commandLine().setOut(new PrintWriter(out, true)), new String[] {"migrate"});

      assertThat(exit).isEqualTo(Cli.GOOD);
      assertThat(out)
          .hasToString(
              "migrations applied: 0\nrights given: Another \"router\" may run nodes, and change no history\n");
      assertThat(
              world.queryText(
                  "SELECT actor || ' ' || object FROM audit_event WHERE action = 'RIGHTS_GIVEN'"))
          .isEqualTo(System.getProperty("user.name") + " database user Another \"router\"");
      assertThatCode(
              () ->
                  HistoryCheck.require(
                      new RouterUser("Another \"router\"", "it's secret")
                          .giveRights(world.databaseSettings())))
          .doesNotThrowAnyException();
    } finally {
      world.execute("DROP OWNED BY \"Another \"\"router\"\"\"");
      world.execute("DROP ROLE \"Another \"\"router\"\"\"");
    }
  }

  @Test
  void a_routers_user_may_verify_the_book_and_the_audit(World world) throws Exception {
    world.onboard(world.startNode(1), 1);
    world.stopNodes();
    Settings.Database router = world.routerSettings();
    try (Connection connection =
        DriverManager.getConnection(router.jdbcUrl(), router.user(), router.password())) {
      assertThat(InvariantCheck.check(connection, Witnesses.NONE).allHold()).isTrue();
      AuditReport report = AuditCheck.check(connection, null, (what, count) -> {});
      assertThat(report.isGood()).as(report.text()).isTrue();
      assertThat(report.events()).isPositive();
    }
  }

  /** By the exit code that the contract has, for a good head, a wrong one, and none at all. */
  @Test
  void the_command_says_by_its_exit_code_whether_something_was_changed(World world)
      throws Exception {
    world.onboard(world.startNode(1), 1);
    world.stopNodes();
    Map.of(
            "settle.database.url", world.routerSettings().url(),
            "settle.database.user", world.routerSettings().user(),
            "settle.database.password", world.routerSettings().password())
        .forEach(System::setProperty);
    Path kept = Files.createTempFile("head", "");
    Path json = Files.createTempFile("audit", ".json");

    Files.writeString(kept, run(Cli.GOOD, "audit", "head"));
    assertThat(
            run(Cli.GOOD, "audit", "verify", "--head", kept.toString(), "--json", json.toString()))
        .contains("nothing was changed", "head: " + Files.readString(kept).strip());
    assertThat(new JsonObject(Files.readString(json)).getBoolean("good")).isTrue();
    assertThat(run(Cli.BROKEN_PROMISE, "audit", "verify", "--head", "5 " + "0".repeat(64)))
        .contains("LINK_CHANGED at link 5");
    run(Cli.USAGE, "audit", "verify", "--head", "/nowhere");
    run(Cli.USAGE, "audit");
    assertThat(run(Cli.GOOD, "audit", "list", "--object", "merchant M000001").lines())
        .hasSize(3)
        .last()
        .asString()
        .contains("operator-1 (operator)", "ROUTE_CHANGED", "ONBOARDED");
  }

  private static String run(int exit, String... arguments) {
    StringWriter out = new StringWriter();
    assertThat(Cli.run(Main.commandLine().setOut(new PrintWriter(out, true)), arguments))
        .as(String.join(" ", arguments))
        .isEqualTo(exit);
    return out.toString();
  }

  @Test
  void the_owner_is_no_router(World world) {
    RouterUser owner = new RouterUser(world.databaseSettings().user(), "");
    assertThatThrownBy(() -> owner.giveRights(world.databaseSettings()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nodes need a user of their own");
  }
}
