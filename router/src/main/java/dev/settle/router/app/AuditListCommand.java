package dev.settle.router.app;

import dev.settle.router.audit.AuditAction;
import dev.settle.router.audit.check.AuditList;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code settle audit list}: events as a table. */
@Command(
    name = "list",
    description = "Print events, the newest last.",
    mixinStandardHelpOptions = true)
final class AuditListCommand implements Callable<Integer> {

  @Option(names = "--object", description = "Only of this, such as 'merchant M000001'.")
  private @Nullable String object;

  @Option(names = "--actor", description = "Only by this person, key or program.")
  private @Nullable String actor;

  @Option(names = "--action", description = "Only these: ${COMPLETION-CANDIDATES}.")
  private @Nullable AuditAction action;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = TimeOption.class,
      description = "Only from then on, such as 2026-11-23T00:00:00Z.")
  private @Nullable Instant since;

  @Option(
      names = "--limit",
      defaultValue = "100",
      description = "So many at most, the newest; ${DEFAULT-VALUE} unless said.")
  private int limit;

  @ParentCommand private AuditCommand parent = new AuditCommand();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    return parent.open(this::print);
  }

  private int print(Connection connection) throws SQLException {
    AuditList.Filter filter =
        new AuditList.Filter(object, actor, action == null ? null : action.name(), since);
    AuditList.lines(connection, filter, limit).forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
    return Cli.GOOD;
  }
}
