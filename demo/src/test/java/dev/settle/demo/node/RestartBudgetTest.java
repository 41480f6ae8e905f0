package dev.settle.demo.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private final RestartBudget budget = new RestartBudget();

  @Test
  void aNodeThatKeepsDyingIsGivenUp() {
    for (int death = 1; death <= RestartBudget.DEATHS; death++) {
      assertThat(budget.afterDeath(NOW.plusSeconds(death))).isPresent();
    }
    assertThat(budget.afterDeath(NOW.plusSeconds(30))).isEmpty();
  }

  @Test
  void thePauseGrowsToABound() {
    assertThat(budget.afterDeath(NOW)).contains(Duration.ofMillis(200));
    assertThat(budget.afterDeath(NOW)).contains(Duration.ofMillis(400));
    for (int death = 3; death <= RestartBudget.DEATHS; death++) {
      assertThat(budget.afterDeath(NOW).orElseThrow()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }
  }

  @Test
  void deathsOfLongAgoAreForgotten() {
    for (int death = 0; death < 1_000; death++) {
      Instant at = NOW.plus(RestartBudget.WINDOW.multipliedBy(2L * death));
      assertThat(budget.afterDeath(at)).contains(Duration.ofMillis(200));
    }
  }
}
