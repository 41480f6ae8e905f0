package dev.settle.router.app;

import dev.settle.router.platform.ConfigurationException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Runs a command line by the contract's exit codes: 0 good, 1 a promise does not hold, 2 wrong
 * usage or configuration.
 */
public final class Cli {

  public static final int GOOD = 0;
  public static final int BROKEN_PROMISE = 1;
  public static final int USAGE = 2;

  private Cli() {}

  /**
   * Runs {@code command} and returns the exit code; wrong usage and configuration give one line on
   * stderr.
   */
  public static int run(CommandLine command, String[] args) {
    command.setExecutionExceptionHandler(Cli::explain);
    command.setParameterExceptionHandler(
        (wrong, given) -> {
          complain(wrong.getCommandLine().getErr(), wrong.getMessage());
          return USAGE;
        });
    if (args.length == 0) {
      command.usage(command.getErr());
      return USAGE;
    }
    return command.execute(args);
  }

  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult given) {
    if (failure instanceof ConfigurationException) {
      complain(command.getErr(), failure.getMessage());
      return USAGE;
    }
    complain(command.getErr(), "failed: " + failure);
    if (System.getenv("SETTLE_DEBUG") != null) {
      failure.printStackTrace(command.getErr());
    }
    return BROKEN_PROMISE;
  }

  private static void complain(PrintWriter err, @Nullable String message) {
    err.println("settle: " + message);
    err.flush();
  }
}
