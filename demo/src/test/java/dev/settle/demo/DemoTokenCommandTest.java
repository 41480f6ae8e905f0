package dev.settle.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.app.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoTokenCommandTest {

  private static final String KEY = "settle.token.secret.file";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void anotherKeyThanTheDemosIsConfigured(@TempDir Path directory) throws IOException {
    Path key = Files.write(directory.resolve("token.key"), new byte[32]);
    System.setProperty(KEY, key.toString());
  }

  @AfterEach
  void clear() {
    System.clearProperty(KEY);
  }

  private int run(String arguments) {
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return Cli.run(command, arguments.split(" "));
  }

  @Test
  void aTerminalOfAnotherRouterGetsNoAcquirerOfTheDemo() {
    assertThat(run("token --role terminal --subject till-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--acquirer");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aTokenThatNodesUsuallyRefuseIsMintedWithAWarning() {
    assertThat(run("token --role auditor --subject ann --hours 25")).isZero();
    assertThat(err.toString()).contains("24 hours").contains("settle.token.max.hours");
    assertThat(out.toString().strip()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
  }

  @Test
  void aTokenOfADayIsMintedWithoutAWord() {
    assertThat(run("token --role auditor --subject ann --hours 24")).isZero();
    assertThat(err.toString()).isEmpty();
  }
}
