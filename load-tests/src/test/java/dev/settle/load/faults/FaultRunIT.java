package dev.settle.load.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short variant of {@code load-tests/faults/run}, and its proof that it can fail. */
class FaultRunIT {

  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final long PATIENCE_SECONDS = 400;

  @TempDir private Path folder;

  @BeforeEach
  void needsHosts() {
    assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && Files.isExecutable(Path.of("/usr/sbin/ip"))
            && Files.isExecutable(Path.of("/usr/sbin/nft")),
        "left out: needs root, iproute2 and nftables, to make hosts of network namespaces");
  }

  @Test
  void under_faults_nothing_is_lost_doubled_or_sent_to_an_old_card() throws Exception {
    long seed = ThreadLocalRandom.current().nextInt(1_000_000);
    Path json = folder.resolve("report.json");

    String printed =
        run(
            0,
            "--seed",
            String.valueOf(seed),
            "--only",
            "kill_node,pause_node,split_storm,cut_from_database,lose_packets,kill_database",
            "--shortened",
            "8",
            "--for",
            "20",
            "--json",
            json.toString());

    JsonObject report = new JsonObject(Files.readString(json));
    assertThat(report.getBoolean("good")).as(printed).isTrue();
    assertThat(report.getJsonArray("faults")).as(printed).hasSizeGreaterThan(2);
    assertThat(report.getLong("acknowledged")).as(printed).isGreaterThan(1_000);
    assertThat(report.getLong("cardsChanged")).as(printed).isGreaterThan(100);
  }

  @Test
  void with_the_fence_taken_away_it_says_so() throws Exception {
    String printed =
        run(
            1,
            "--break",
            "fence",
            "--only",
            "split_storm",
            "--lasts",
            "8",
            "--for",
            "14",
            "--events-dropped");

    assertThat(printed).contains("BROKEN: paid to a superseded card");
    assertThat(printed).contains("I3: ");
  }

  private String run(int code, String... options) throws IOException, InterruptedException {
    Path output = folder.resolve("printed.txt");
    List<String> command = new ArrayList<>();
    command.add(CHECKOUT.resolve("load-tests/faults/run").toString());
    command.addAll(List.of("--rate", "150", "--merchants", "100"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SETTLE_BUILD", "never");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    builder.redirectInput(Path.of("/dev/null").toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("it ended").isTrue();
    } finally {
      process.destroy();
    }
    String printed = Files.readString(output);
    assertThat(process.exitValue()).as(printed).isEqualTo(code);
    return printed;
  }
}
