package dev.settle.router.cardchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VerifierPauseTest {

  @Test
  void each_pause_is_twice_the_one_before_up_to_a_bound() {
    assertThat(Verifier.pause(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(Verifier.pause(2)).isEqualTo(Duration.ofSeconds(2));
    assertThat(Verifier.pause(9)).isEqualTo(Duration.ofSeconds(256));
    for (int attempt : new int[] {10, 40, 64, 65, 1_000_000}) {
      assertThat(Verifier.pause(attempt)).isEqualTo(Limits.VERIFICATION_PAUSE_MAX);
    }
  }
}
