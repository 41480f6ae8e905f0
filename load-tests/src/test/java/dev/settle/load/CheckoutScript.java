package dev.settle.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a script of this checkout as a user would, with what Maven has just packaged. */
public final class CheckoutScript {

  public static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  private CheckoutScript() {}

  /**
   * What a script ended with.
   *
   * @param printed standard output and errors
   */
  public record Ended(int code, String printed) {}

  /**
   * Runs it to its end; fails when that takes longer than {@code patience}.
   *
   * @param folder for what it prints
   * @param script its path in the checkout
   */
  public static Ended run(Path folder, Duration patience, String script, List<String> arguments)
      throws IOException, InterruptedException {
    Path output = folder.resolve("printed.txt");
    List<String> command = new ArrayList<>(List.of(CHECKOUT.resolve(script).toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SETTLE_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(Path.of("/dev/null").toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(patience.toSeconds(), TimeUnit.SECONDS))
          .as("%s ended", script)
          .isTrue();
    } finally {
      process.destroy();
    }
    return new Ended(process.exitValue(), Files.readString(output));
  }
}
