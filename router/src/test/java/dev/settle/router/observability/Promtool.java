package dev.settle.router.observability;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Prometheus' own tool, from the Debian package {@code prometheus}. */
final class Promtool {

  private static final long PATIENCE_SECONDS = 60;
  private static final String LEFT_OUT =
      "LEFT OUT: promtool is not on the PATH, so rules and dashboards were not tried"
          + " (apt-get install prometheus)";

  /**
   * What it said.
   *
   * @param good whether it found nothing
   */
  record Answer(boolean good, String text) {}

  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Promtool() {}

  /** Skips the test, loudly, where there is none. */
  static void require() {
    boolean there = isThere();
    if (!there && SAID.compareAndSet(false, true)) {
      System.err.println(LEFT_OUT);
    }
    assumeTrue(there, LEFT_OUT);
  }

  private static boolean isThere() {
    for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
      if (Path.of(folder, "promtool").toFile().canExecute()) {
        return true;
      }
    }
    return false;
  }

  /** Runs it in a folder. */
  static Answer run(Path folder, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    File output = File.createTempFile("promtool", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output)
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command + " was not done within " + PATIENCE_SECONDS + " s");
      }
      String text = Files.readString(output.toPath(), StandardCharsets.UTF_8);
      return new Answer(process.exitValue() == 0, text);
    } finally {
      Files.delete(output.toPath());
    }
  }
}
