package dev.settle.router.app;

import dev.settle.router.audit.check.AuditCheck;
import dev.settle.router.audit.check.AuditHead;
import dev.settle.router.audit.check.AuditReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code settle audit verify}: computes the chain and the seals of the book anew. */
@Command(
    name = "verify",
    description =
        "Compute the chain and the seals anew and name what was changed, removed or put in; exit 0 or 1.",
    mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {

  @Option(
      names = "--head",
      paramLabel = "FILE|HASH",
      description =
          "What `settle audit head` printed at some time: shows whether the end of the chain was cut off.")
  private @Nullable String head;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON as well.")
  private @Nullable Path json;

  @ParentCommand private AuditCommand parent = new AuditCommand();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    AuditHead kept = head == null ? null : AuditHead.parse(head);
    return parent.open(connection -> verify(connection, kept));
  }

  private int verify(Connection connection, @Nullable AuditHead kept) throws Exception {
    Progress progress = new Progress(spec.commandLine().getErr());
    AuditReport report =
        AuditCheck.check(
            connection, kept, (what, count) -> progress.tell("looked at", count, what));
    spec.commandLine().getOut().print(report.text());
    spec.commandLine().getOut().flush();
    if (json != null) {
      Files.writeString(json, report.json().encodePrettily() + "\n");
    }
    return report.isGood() ? Cli.GOOD : Cli.BROKEN_PROMISE;
  }
}
