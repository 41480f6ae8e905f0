package dev.settle.router.app;

import dev.settle.router.audit.check.AuditHead;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code settle audit head}: the end of the chain, to be kept where nobody can change both. */
@Command(
    name = "head",
    description = "Print the number and hash of the newest link, to be kept elsewhere.",
    mixinStandardHelpOptions = true)
final class AuditHeadCommand implements Callable<Integer> {

  @ParentCommand private AuditCommand parent = new AuditCommand();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    return parent.open(this::print);
  }

  private int print(Connection connection) throws SQLException {
    AuditHead head = AuditHead.of(connection);
    PrintWriter err = spec.commandLine().getErr();
    if (head == null) {
      err.println("settle: the chain has no link yet: start a node");
      err.flush();
      return Cli.BROKEN_PROMISE;
    }
    spec.commandLine().getOut().println(head);
    spec.commandLine().getOut().flush();
    return Cli.GOOD;
  }
}
