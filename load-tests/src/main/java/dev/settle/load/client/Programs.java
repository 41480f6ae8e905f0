package dev.settle.load.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Runs the programs of others that make load: wrk, pgbench, curl. Blocking. */
public final class Programs {

  private static final Duration END = Duration.ofSeconds(5);

  private final Path work;
  private final Queue<Process> running = new ConcurrentLinkedQueue<>();
  private int started;

  /**
   * @param work where their output is kept
   */
  public Programs(Path work) {
    this.work = work;
    // Whoever ends the harness ends what it started.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> running.forEach(Process::destroy)));
  }

  /** Starts one; standard output and errors go to a file. */
  public Running start(List<String> command, Map<String, String> environment) throws IOException {
    Path output = work.resolve("program-" + started++ + ".txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(Path.of("/dev/null").toFile());
    running.removeIf(process -> !process.isAlive());
    Process process = builder.start();
    running.add(process);
    return new Running(command.get(0), process, output);
  }

  /** Runs one to its end and returns what it printed. */
  public String run(List<String> command, Map<String, String> environment, Duration patience)
      throws IOException, InterruptedException, RefusedSlice {
    return start(command, environment).end(patience);
  }

  /** A program that runs. */
  public record Running(String name, Process process, Path output) {

    /** Waits for its end; returns what it printed. */
    public String end(Duration patience) throws IOException, InterruptedException, RefusedSlice {
      try {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new RefusedSlice(name + " did not end within " + patience.toSeconds() + " s");
        }
      } finally {
        stop();
      }
      String printed = Files.readString(output);
      Files.delete(output);
      if (process.exitValue() != 0) {
        throw new RefusedSlice(name + " failed: " + lastLine(printed));
      }
      return printed;
    }

    /**
     * Ends it, if it runs, and returns when it is gone: what it reads and whom it asks is nobody's
     * then. Throws {@link IOException} when it cannot be ended.
     */
    public void stop() throws IOException, InterruptedException {
      process.destroy();
      if (process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      process.destroyForcibly();
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(name + ", process " + process.pid() + ", cannot be ended");
      }
    }

    private static String lastLine(String printed) {
      List<String> lines = printed.strip().lines().toList();
      return lines.isEmpty() ? "it says nothing" : lines.get(lines.size() - 1);
    }
  }
}
