package dev.settle.router.app;

import dev.settle.router.audit.AuditAction;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Migrations;
import dev.settle.router.platform.Settings;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.flywaydb.core.api.FlywayException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code settle migrate}: brings the database to this version's schema. */
@Command(
    name = "migrate",
    description = "Apply the schema, and give the routers' database user its rights.",
    mixinStandardHelpOptions = true)
public final class MigrateCommand implements Callable<Integer> {

  /** PostgreSQL's code for a lock_timeout that ran out. */
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Settings.Database database = Settings.readDatabase();
    int applied = applied(database, List.of(Migrations.OWN));
    PrintWriter out = spec.commandLine().getOut();
    out.println("migrations applied: " + applied);
    out.println(giveRights(database));
    out.flush();
    return Cli.GOOD;
  }

  private static String giveRights(Settings.Database owner) {
    Settings.Database router = Settings.readDatabaseOfRouters();
    if (router == null) {
      return "rights given: none, settle.database.router.user is not set; nodes run as no owner";
    }
    new RouterUser(router.user(), router.password()).giveRights(owner);
    try (Connection connection = BlockingDatabase.connect(owner)) {
      CommandAudit.record(
          connection, AuditAction.RIGHTS_GIVEN, "database user " + router.user(), Map.of());
    } catch (SQLException e) {
      throw new ConfigurationException(
          "gave "
              + router.user()
              + " its rights, and could not record it in the audit: "
              + e.getMessage());
    }
    return "rights given: " + router.user() + " may run nodes, and change no history";
  }

  /** Applies migrations from these places; a wait for a lock that was too long is explained. */
  static int applied(Settings.Database database, List<String> locations) {
    try {
      return Migrations.migrate(
          database.jdbcUrl(), database.user(), database.password(), locations);
    } catch (FlywayException failed) {
      if (isLockTimeout(failed)) {
        throw new ConfigurationException(
            "a migration waited longer than "
                + Limits.MIGRATION_LOCK.toMillis()
                + " ms for a table that somebody reads or writes, and gave up so that sales do not"
                + " wait behind it: run `settle migrate` again, while no `verify`"
                + " or backup runs");
      }
      throw failed;
    }
  }

  private static boolean isLockTimeout(FlywayException failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }
}
