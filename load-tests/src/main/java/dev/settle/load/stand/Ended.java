package dev.settle.load.stand;

import dev.settle.load.client.RefusedSlice;
import dev.settle.router.platform.ConfigurationException;
import java.net.http.HttpTimeoutException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * How a run ends that has no result: with one line that says why. It ends with 1 when that is the
 * router's fault, as with every promise that is not kept, and with 2 when the run could not be
 * made.
 */
public final class Ended {

  private static final int BROKEN = 1;
  private static final int NOT_RUN = 2;

  private Ended() {}

  /** Executes the command line; returns its exit code. */
  public static int execute(CommandLine line, String name, String... arguments) {
    // Of what we did not foresee, whose stack is printed: it says nothing about the router.
    line.getCommandSpec().exitCodeOnExecutionException(NOT_RUN);
    return line.setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              Optional<Throwable> broken = broken(failure);
              if (broken.isPresent()) {
                command.getErr().println(name + ": " + broken.get().getMessage());
                return BROKEN;
              }
              if (failure instanceof InterruptedException) {
                command.getErr().println(name + ": ended before its time; nothing is left running");
                return NOT_RUN;
              }
              if (failure instanceof RuntimeException
                  && !(failure instanceof ConfigurationException)) {
                throw failure;
              }
              command.getErr().println(name + ": could not run: " + why(failure));
              return NOT_RUN;
            })
        .execute(arguments);
  }

  /** What the router did, in what went wrong or beside it, as it does when it is found dead. */
  private static Optional<Throwable> broken(Throwable failure) {
    return Stream.concat(Arrays.stream(failure.getSuppressed()), Stream.of(failure))
        .filter(
            one ->
                one instanceof BrokenPromise
                    || one instanceof RefusedSlice
                    || one instanceof HttpTimeoutException)
        .findFirst();
  }

  private static String why(Throwable failure) {
    String message = failure.getMessage();
    boolean said = failure instanceof ConfigurationException || failure instanceof NotMeasured;
    return said && message != null ? message : failure.toString().lines().findFirst().orElse("");
  }
}
