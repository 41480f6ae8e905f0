package dev.settle.demo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResendPauseTest {

  private final ResendPause pause = new ResendPause(new Random(7));

  @Test
  void pausesGrowToABound() {
    for (int attempt = 1; attempt <= 100; attempt++) {
      assertThat(pause.afterAttempt(attempt))
          .isBetween(Duration.ofMillis(50), Duration.ofSeconds(2));
    }
    assertThat(pause.afterAttempt(1)).isLessThanOrEqualTo(Duration.ofMillis(100));
    assertThat(pause.afterAttempt(9)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whatTheRouterAsksForIsObeyedWithinReason() {
    assertThat(pause.afterRetryAfter(1)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_100));
    assertThat(pause.afterRetryAfter(999_999)).isLessThan(Duration.ofSeconds(11));
  }
}
