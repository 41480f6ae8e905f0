package dev.settle.router.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The router's commands. */
@Command(
    name = "settle",
    description =
        "Settlement router: every sale owed from its acknowledgement, paid once, to the current card.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ServeCommand.class,
      MigrateCommand.class,
      HealthCommand.class,
      VerifyCommand.class,
      ReconcileCommand.class,
      ArchiveCommand.class,
      KeysetCommand.class,
      ReencryptCommand.class,
      AuditCommand.class,
      TokenCommand.class,
      KeyCommand.class,
      SignCommand.class
    })
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(Cli.run(commandLine(), args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }
}
