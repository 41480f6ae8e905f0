package dev.settle.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.settle.demo.story.StoryKind;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job with its real parts, each in its own process. */
class DemoIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;

  @Test
  void aRunPostsWhatItAcceptsAndKeepsEveryPromise() throws Exception {
    Path json = folder.resolve("summary.json");
    try (DemoRun run =
        DemoRun.start(
            folder,
            "demo",
            "--for",
            "10s",
            "--rate",
            "200",
            "--merchants",
            "50",
            "--seed",
            "7",
            "--port",
            String.valueOf(DemoRun.freeBase()),
            "--json",
            json.toString())) {
      run.mustExitWith(0);
      JsonObject summary = DemoRun.json(json);
      long accepted = summary.getJsonObject("accepted").getLong("count");
      long posted = summary.getJsonObject("posted").getLong("count");
      assertThat(accepted).as(run.printed()).isGreaterThan(1_000);
      assertThat(posted).as(run.printed()).isGreaterThanOrEqualTo(accepted * 99 / 100);
      assertThat(summary.getJsonObject("conservationDeltaMinor").getLong("CNY")).isZero();
      assertThat(summary.getJsonObject("invariants").getMap().values()).containsOnly("held");
      assertThat(summary.getLong("replayed")).isPositive();
      assertThat(summary.getLong("refused")).isPositive();
      assertThat(run.acknowledged()).isEqualTo(accepted);
      assertThat(run.printed()).doesNotContain("\u001b", "Exception");
      merchantsChangedCardsMeanwhile(summary, run.printed());
    }
    try (DemoRun verify = DemoRun.start(folder, "verify")) {
      verify.mustExitWith(0);
    }
  }

  /** Ten seconds begin five stories; all have come to their end, and none went otherwise. */
  private static void merchantsChangedCardsMeanwhile(JsonObject summary, String printed) {
    JsonObject stories = summary.getJsonObject("stories");
    assertThat(stories.getJsonArray("failed")).as(printed).isEmpty();
    long played =
        Arrays.stream(StoryKind.values()).mapToLong(kind -> stories.getLong(kind.text())).sum();
    assertThat(played).as(printed).isBetween(3L, 5L);
    assertThat(summary.getLong("cardChanges")).as(printed).isPositive();
  }

  @Test
  void withoutARateNothingHappensUntilItIsStopped() throws Exception {
    Path json = folder.resolve("summary.json");
    try (DemoRun run =
        DemoRun.start(
            folder,
            "demo",
            "--rate",
            "0",
            "--merchants",
            "3",
            "--port",
            String.valueOf(DemoRun.freeBase()),
            "--json",
            json.toString())) {
      await()
          .atMost(PATIENCE)
          .until(() -> !run.isRunning() || run.printed().contains("accepted         0"));
      try (DemoRun verifyBeside = DemoRun.start(folder, "verify")) {
        verifyBeside.mustExitWith(0);
      }
      run.interrupt();
      run.mustExitWith(0);
      JsonObject summary = DemoRun.json(json);
      assertThat(summary.getJsonObject("accepted").getLong("count")).isZero();
      assertThat(summary.getLong("cardChanges")).isZero();
    }
  }
}
