package dev.settle.load;

import dev.settle.router.app.Cli;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What {@code bin/settle} runs for {@code load}. */
@Command(name = "settle")
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    System.exit(Cli.run(commandLine(), args));
  }

  /** The command line; its help lists the scenarios. */
  static CommandLine commandLine() {
    CommandLine load = new CommandLine(new LoadCommand());
    load.getCommandSpec().usageMessage().footer(LoadCommand.listed().split("\\R"));
    return new CommandLine(new Main()).addSubcommand(load);
  }
}
