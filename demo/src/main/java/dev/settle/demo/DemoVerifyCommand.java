package dev.settle.demo;

import dev.settle.router.app.Cli;
import dev.settle.router.app.VerifyCommand;
import dev.settle.router.invariant.InvariantReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code settle verify}: of a demo's data directory with all its witnesses, by default the last one
 * of this checkout, or of the configured database.
 */
@Command(
    name = "verify",
    description = "Recompute every invariant from raw rows; exit 0 or 1.",
    mixinStandardHelpOptions = true)
final class DemoVerifyCommand implements Callable<Integer> {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "A demo's data directory: its database, held against the bank's books and what terminals were told. "
              + "Without it: the database that SETTLE_DATABASE_URL names, or else this checkout's last demo.")
  private @Nullable Path dataDirectory;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON as well.")
  private @Nullable Path json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    Path directory = DemoDirectory.chosen(dataDirectory);
    if (directory == null) {
      return verifyConfigured();
    }
    InvariantReport report =
        DemoDirectory.withDatabase(
            directory,
            (database, running) -> {
              try (Connection connection = database.connect()) {
                return DemoWitnesses.check(connection, directory);
              }
            });
    return report(directory, report);
  }

  static boolean isConfigured() {
    return System.getenv("SETTLE_DATABASE_URL") != null
        || System.getenv("SETTLE_CONFIG_FILE") != null
        || System.getProperty("settle.database.url") != null;
  }

  private int verifyConfigured() {
    CommandLine command = new CommandLine(new VerifyCommand());
    command.setExecutionExceptionHandler(spec.commandLine().getExecutionExceptionHandler());
    return json == null ? command.execute() : command.execute("--json", json.toString());
  }

  private int report(Path directory, InvariantReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("verified " + directory);
    out.print(report.text());
    out.flush();
    if (json != null) {
      Files.writeString(json, report.json().encodePrettily() + "\n");
    }
    return report.allHold() ? Cli.GOOD : Cli.BROKEN_PROMISE;
  }
}
