package dev.settle.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routers in one cluster, each a process. */
class ClusterIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** A router that lives from the first sale has looked at the canary for half a minute by then. */
  private static final long ENOUGH = 5_000;

  @TempDir private Path folder;

  @Test
  void routersShareTheWorkOneMayJoinAndOneMayDie() throws Exception {
    Path json = folder.resolve("summary.json");
    try (DemoRun run =
        DemoRun.start(
            folder,
            "demo",
            "--nodes",
            "2",
            "--rate",
            "150",
            "--merchants",
            "50",
            "--port",
            String.valueOf(DemoRun.freeBase()),
            "--json",
            json.toString())) {
      run.awaitSold(300);
      try (DemoRun added = DemoRun.start(folder, "add-node")) {
        added.mustExitWith(0);
        assertThat(added.printed()).contains("node-2 has joined: http://127.0.0.1:");
      }
      assertThat(run.router().orElseThrow().destroyForcibly()).isTrue();
      await().atMost(PATIENCE).until(() -> run.printed().contains("died with code 137"));
      run.awaitSold(Math.max(ENOUGH, run.acknowledged() + 300));
      run.interrupt();
      run.mustExitWith(0);
      try (DemoRun late = DemoRun.start(folder, "add-node")) {
        late.mustExitWith(2);
        assertThat(late.printed()).contains("no demo runs on " + DemoRun.data(folder));
      }
      JsonObject summary = DemoRun.json(json);
      assertThat(summary.getLong("nodes")).isEqualTo(3);
      assertThat(summary.getJsonObject("invariants").getMap().values()).containsOnly("held");
      assertThat(summary.getLong("unanswered")).isZero();
      assertThat(summary.getJsonObject("accepted").getLong("count")).isEqualTo(run.acknowledged());
      assertThat(summary.getJsonObject("unposted").getLong("count")).as(run.printed()).isZero();
      // The canary alone is seen by each of them every second.
      JsonObject staleness = summary.getJsonObject("bindingStalenessMs");
      assertThat(staleness.getDouble("p99")).isPositive();
      assertThat(staleness.getJsonObject("upTo").getLong("10000.0")).isGreaterThan(30);
    }
  }
}
