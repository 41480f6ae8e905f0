package dev.settle.load.stand;

import dev.settle.load.client.RefusedSlice;
import picocli.CommandLine;

/** How a run ends that has no result: with one line that says why. */
public final class Ended {

  private Ended() {}

  /** Executes the command line; returns its exit code. */
  public static int execute(CommandLine line, String name, String... arguments) {
    return line.setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              if (failure instanceof InterruptedException) {
                System.err.println(name + ": ended before its time; nothing is left running");
                return 1;
              }
              if (failure instanceof RefusedSlice) {
                System.err.println(name + ": " + failure.getMessage());
                return 1;
              }
              throw failure;
            })
        .execute(arguments);
  }
}
