package dev.settle.router.rail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RailGateTest {

  private final RailGate gate = new RailGate("bank");

  private void fail(int times) {
    for (int n = 0; n < times; n++) {
      if (gate.tryEnter()) {
        gate.failed(1, new IllegalStateException("no answer"));
      }
    }
  }

  @Test
  void after_failures_nobody_enters() {
    fail(Limits.BREAKER_LEAST_REQUESTS);

    assertThat(gate.isOut()).isTrue();
    assertThat(gate.state()).isEqualTo(2);
    assertThat(gate.tryEnter()).isFalse();
  }

  @Test
  void it_opens_to_probes_by_itself_and_to_all_when_they_are_answered() {
    fail(Limits.BREAKER_LEAST_REQUESTS);

    // Nobody knocks meanwhile.
    Awaitility.await("probing").atMost(Duration.ofSeconds(20)).until(() -> !gate.isOut());
    assertThat(gate.state()).isEqualTo(1);
    for (int n = 0; n < Limits.BREAKER_PROBES; n++) {
      assertThat(gate.tryEnter()).isTrue();
    }
    assertThat(gate.tryEnter()).as("more than the probes").isFalse();
    for (int n = 0; n < Limits.BREAKER_PROBES; n++) {
      gate.answered(1);
    }
    assertThat(gate.state()).isZero();
  }

  @Test
  void a_probe_that_learned_nothing_leaves_its_place_to_another() {
    fail(Limits.BREAKER_LEAST_REQUESTS);
    Awaitility.await("probing").atMost(Duration.ofSeconds(20)).until(() -> !gate.isOut());
    for (int n = 0; n < 3 * Limits.BREAKER_PROBES; n++) {
      assertThat(gate.tryEnter()).isTrue();
      gate.left();
    }
  }
}
