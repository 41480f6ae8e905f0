package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatheringTest {

  private static final long PAUSE = 10_000_000;

  private final List<Duration> timers = new ArrayList<>();
  private final List<Runnable> wakes = new ArrayList<>();
  private final Gathering gathering =
      new Gathering(
          Duration.ofNanos(PAUSE),
          (pause, wake) -> {
            timers.add(pause);
            wakes.add(wake);
          });
  private int woken;

  private boolean isOver(int credits, int batches, long now) {
    return gathering.isOver(credits, batches, now, () -> woken++);
  }

  @Test
  void the_first_and_what_comes_after_a_pause_go_at_once() {
    assertThat(isOver(1, 1, 0)).isTrue();
    gathering.started(0);
    assertThat(isOver(1, 1, PAUSE)).isTrue();
    assertThat(timers).isEmpty();
  }

  @Test
  void what_comes_before_waits_for_the_rest_of_the_pause_by_one_timer() {
    gathering.started(0);

    assertThat(isOver(1, 1, PAUSE / 4)).isFalse();
    assertThat(isOver(2, 2, PAUSE / 2)).isFalse();

    assertThat(timers).containsExactly(Duration.ofNanos(PAUSE - PAUSE / 4));
    wakes.get(0).run();
    assertThat(woken).isEqualTo(1);
    assertThat(isOver(2, 2, PAUSE - 1)).isFalse();
    assertThat(timers).hasSize(2);
  }

  @Test
  void what_fills_a_consignment_waits_for_nothing() {
    gathering.started(0);

    assertThat(isOver(Limits.CONSIGNMENT_CREDITS, 1, 1)).isTrue();
    assertThat(isOver(1, Limits.CONSIGNMENT_BATCHES, 1)).isTrue();
    assertThat(isOver(Limits.CONSIGNMENT_CREDITS - 1, Limits.CONSIGNMENT_BATCHES - 1, 1)).isFalse();
  }
}
