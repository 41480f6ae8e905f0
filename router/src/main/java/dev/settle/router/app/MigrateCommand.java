package dev.settle.router.app;

import dev.settle.router.platform.Migrations;
import dev.settle.router.platform.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code settle migrate}: brings the database to this version's schema. */
@Command(name = "migrate", description = "Apply the schema.", mixinStandardHelpOptions = true)
public final class MigrateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Settings.Database database = Settings.readDatabase();
    int applied = Migrations.migrate(database.jdbcUrl(), database.user(), database.password());
    spec.commandLine().getOut().println("migrations applied: " + applied);
    spec.commandLine().getOut().flush();
    return Cli.GOOD;
  }
}
