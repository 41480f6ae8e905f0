package dev.settle.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes die without notice in the middle of traffic; what was acknowledged is there, once. */
class CrashIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int ENOUGH = 400;

  @TempDir private Path folder;

  private DemoRun play(Path json) throws Exception {
    return DemoRun.start(
        folder,
        "demo",
        "--rate",
        "200",
        "--merchants",
        "50",
        "--port",
        String.valueOf(DemoRun.freeBase()),
        "--json",
        json.toString());
  }

  @Test
  void aRouterThatIsKilledIsStartedAgainAndLosesNothing() throws Exception {
    Path json = folder.resolve("summary.json");
    try (DemoRun run = play(json)) {
      run.awaitSold(ENOUGH);
      ProcessHandle first = run.router().orElseThrow();
      assertThat(first.destroyForcibly()).isTrue();
      run.awaitSold(run.acknowledged() + ENOUGH);
      assertThat(run.router().orElseThrow().pid()).isNotEqualTo(first.pid());
      run.interrupt();
      run.mustExitWith(0);
      assertThat(run.printed()).contains("node-0 died with code 137");
      JsonObject summary = DemoRun.json(json);
      assertThat(summary.getJsonObject("invariants").getMap().values()).containsOnly("held");
      assertThat(summary.getLong("unanswered")).isZero();
      assertThat(summary.getJsonObject("accepted").getLong("count")).isEqualTo(run.acknowledged());
      assertThat(summary.getJsonObject("unposted").getLong("count")).as(run.printed()).isZero();
    }
  }

  @Test
  void aSupervisorThatIsKilledTakesTheRouterWithItAndGoesOnNextTime() throws Exception {
    long before;
    try (DemoRun run = play(folder.resolve("never.json"))) {
      run.awaitSold(ENOUGH);
      ProcessHandle router = run.router().orElseThrow();
      before = run.acknowledged();
      run.kill();
      await().atMost(PATIENCE).until(() -> !router.isAlive());
      goOn(before);
    }
  }

  private void goOn(long before) throws Exception {
    Path json = folder.resolve("summary.json");
    try (DemoRun next = play(json)) {
      next.awaitSold(before + ENOUGH);
      next.interrupt();
      next.mustExitWith(0);
      JsonObject summary = DemoRun.json(json);
      assertThat(summary.getJsonObject("accepted").getLong("count")).isGreaterThan(before);
      assertThat(summary.getJsonObject("invariants").getMap().values()).containsOnly("held");
      assertThat(summary.getJsonObject("unposted").getLong("count")).as(next.printed()).isZero();
    }
  }
}
