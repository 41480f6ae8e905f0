package dev.settle.demo.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NodeLaunchTest {

  @Test
  void a_router_takes_over_what_is_not_its_starters_own_affair_and_collects_as_routers_do() {
    assertThat(
            NodeLaunch.flags(
                List.of(
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-XX:+UseG1GC",
                    "-XX:MaxGCPauseMillis=20",
                    "-Xms12g",
                    "-Xmx12g",
                    "-Dsettle.home=/checkout",
                    "-Dhazelcast.logging.type=slf4j")))
        .containsExactly(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Dhazelcast.logging.type=slf4j",
            "-XX:+UseParallelGC");
  }
}
