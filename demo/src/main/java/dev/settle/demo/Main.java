package dev.settle.demo;

import dev.settle.router.app.ArchiveCommand;
import dev.settle.router.app.Cli;
import dev.settle.router.app.HealthCommand;
import dev.settle.router.app.KeysetCommand;
import dev.settle.router.app.MigrateCommand;
import dev.settle.router.app.ReencryptCommand;
import dev.settle.router.app.ServeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of {@code bin/settle}: the router's own, and the demo. */
@Command(
    name = "settle",
    description =
        "Settlement router: every sale owed from its acknowledgement, paid once, to the current card.",
    mixinStandardHelpOptions = true,
    footer = "%nbin/settle load --help: load scenarios with Gatling.",
    subcommands = {
      DemoCommand.class,
      AddNodeCommand.class,
      ServeCommand.class,
      MigrateCommand.class,
      HealthCommand.class,
      DemoVerifyCommand.class,
      DemoReconcileCommand.class,
      ArchiveCommand.class,
      KeysetCommand.class,
      ReencryptCommand.class,
      DemoAuditCommand.class,
      DemoTokenCommand.class,
      DemoKeyCommand.class,
      DemoSignCommand.class
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
