package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A container's health check is one line and an exit code. */
@ExtendWith(InvariantsHold.class)
class HealthCommandIT {

  private final StringWriter said = new StringWriter();

  private int health(int port) {
    System.setProperty("settle.management.port", String.valueOf(port));
    said.getBuffer().setLength(0);
    PrintWriter writer = new PrintWriter(said);
    return Cli.run(Main.commandLine().setOut(writer).setErr(writer), new String[] {"health"});
  }

  @AfterEach
  void forget() {
    System.clearProperty("settle.management.port");
  }

  @Test
  void a_node_is_alive_until_it_is_gone(World world) throws Exception {
    world.startNode(1);
    int port = world.node(0).managementPort();

    assertThat(health(port)).isEqualTo(Cli.GOOD);
    assertThat(said).hasToString("alive\n");
    world.stop(0);
    assertThat(health(port)).isEqualTo(Cli.BROKEN_PROMISE);
    assertThat(said.toString())
        .startsWith("http://127.0.0.1:" + port + "/health/live: no answer (")
        .hasLineCount(1);
  }

  @Test
  void who_does_not_live_there_is_not_alive(World world) throws Exception {
    world.startNode(1);

    // The public port answers, but not this.
    assertThat(health(world.node(0).httpPort())).isEqualTo(Cli.BROKEN_PROMISE);
    assertThat(said.toString()).contains("/health/live: answered 4").hasLineCount(1);
  }

  @Test
  void a_port_that_only_the_node_knows_is_a_wrong_configuration() {
    assertThat(health(0)).isEqualTo(Cli.USAGE);
    assertThat(said.toString()).contains("management port is 0").hasLineCount(1);
  }
}
