package dev.settle.router.app;

import dev.settle.router.platform.Settings;
import java.sql.Connection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code settle audit}: looks at the audit, and proves that nothing of it was changed. */
@Command(
    name = "audit",
    description = "Look at the record of who changed what, and prove that it was not changed.",
    mixinStandardHelpOptions = true,
    subcommands = {AuditVerifyCommand.class, AuditHeadCommand.class, AuditListCommand.class})
public class AuditCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** What is done with the database. */
  @FunctionalInterface
  protected interface Work {
    int with(Connection connection) throws Exception;
  }

  /** Finds the database and keeps it open for the work: the one that is configured. */
  protected int open(Work work) throws Exception {
    Settings.Database database = Settings.readDatabase();
    try (Connection connection = BlockingDatabase.connect(database)) {
      return work.with(connection);
    }
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return Cli.USAGE;
  }
}
