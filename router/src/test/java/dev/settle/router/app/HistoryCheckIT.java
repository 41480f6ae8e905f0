package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.io.PrintWriter;
import java.io.StringWriter;
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
  void the_owner_is_no_router(World world) {
    RouterUser owner = new RouterUser(world.databaseSettings().user(), "");
    assertThatThrownBy(() -> owner.giveRights(world.databaseSettings()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nodes need a user of their own");
  }
}
