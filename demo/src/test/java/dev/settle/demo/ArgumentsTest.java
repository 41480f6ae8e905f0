package dev.settle.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.app.Cli;
import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

class ArgumentsTest {

  @ParameterizedTest
  @CsvSource({"30s,30", "2m,120", "1h,3600", "1s,1"})
  void aRunIsAsLongAsItIsTold(String text, long seconds) {
    assertThat(new RunLength().convert(text)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "30", "s", "0s", "-1s", "1.5m", "30S", "1d", "9999999s", "800h", "３０s"})
  void aTimeThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> new RunLength().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo --nodes 10",
        "demo --nodes 0",
        "demo --rate -1",
        "demo --rate many",
        "demo --merchants 0",
        "demo --port 0",
        "demo --port 65535",
        "demo --for soon",
        "demo --unknown",
        "demo --no-stories yes",
        "demo --json /nowhere/at/all.json",
        "demo extra",
        "token",
        "token --role king --subject a",
        "verify --data-dir /nowhere/at/all",
        "nothing"
      })
  void wrongUsageIsOneLineAndExitCodeTwo(String arguments) {
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine().setErr(new PrintWriter(err));
    assertThat(Cli.run(command, arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith("settle: ").doesNotContain("\tat ");
    assertThat(err.toString().strip().lines()).hasSize(1);
  }

  @Test
  void aTakenPortIsNamedWithTheOption() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      PortPlan ports = new PortPlan(taken.getLocalPort() - PortPlan.BANK_OFFSET);
      assertThatThrownBy(() -> ports.requireFree(1))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("--port");
    }
  }

  @Test
  void nodesListenTenPortsApart() {
    PortPlan ports = new PortPlan(8080);
    assertThat(ports.api(2)).isEqualTo(8100);
    assertThat(ports.management(2)).isEqualTo(8101);
    assertThat(ports.bank()).isEqualTo(8082);
  }

  @Test
  void twoDemosDoNotShareADirectory(@TempDir Path folder) throws IOException {
    try (WorkingDirectory first = WorkingDirectory.open(folder)) {
      assertThat(first.root()).isEqualTo(folder);
      assertThat(WorkingDirectory.lock(folder)).isNull();
      assertThatThrownBy(() -> WorkingDirectory.open(folder)).hasMessageContaining("--data-dir");
    }
    try (WorkingDirectory second = WorkingDirectory.open(folder)) {
      assertThat(second.temporary()).isFalse();
    }
  }
}
