package dev.settle.router.app;

import dev.settle.router.invariant.InvariantCheck;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.invariant.Witnesses;
import dev.settle.router.platform.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code settle verify}: recomputes every invariant from raw rows, in one snapshot. */
@Command(
    name = "verify",
    description = "Recompute every invariant from raw rows; exit 0 or 1.",
    mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON as well.")
  private @Nullable Path json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Settings.Database database = Settings.readDatabase();
    try (Connection connection = BlockingDatabase.connect(database)) {
      InvariantReport report = InvariantCheck.check(connection, Witnesses.NONE);
      spec.commandLine().getOut().print(report.text());
      spec.commandLine().getOut().flush();
      if (json != null) {
        Files.writeString(json, report.json().encodePrettily());
      }
      return report.allHold() ? Cli.GOOD : Cli.BROKEN_PROMISE;
    }
  }
}
