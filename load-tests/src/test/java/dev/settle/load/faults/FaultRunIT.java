package dev.settle.load.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.settle.load.CheckoutScript;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short variant of {@code load-tests/faults/run}, and its proof that it can fail. */
class FaultRunIT {

  private static final Duration PATIENCE = Duration.ofSeconds(400);

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
    List<String> all = new ArrayList<>(List.of("--rate", "150", "--merchants", "100"));
    all.addAll(List.of(options));
    CheckoutScript.Ended ended = CheckoutScript.run(folder, PATIENCE, "load-tests/faults/run", all);
    assertThat(ended.code()).as(ended.printed()).isEqualTo(code);
    return ended.printed();
  }
}
