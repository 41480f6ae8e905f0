package dev.settle.load.stand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.load.client.RefusedSlice;
import dev.settle.load.stand.Duel.Slice;
import dev.settle.load.stand.Ratios.Pair;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuelTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final List<String> order = new ArrayList<>();
  private final Deque<ProcessorTime> clock = new ArrayDeque<>();

  private final Progress progress =
      new Progress(new PrintStream(printed, true, StandardCharsets.UTF_8));
  private final Attempts attempts =
      new Attempts(progress, () -> clock.isEmpty() ? new ProcessorTime(1, 0) : clock.poll());
  private final Duel duel = new Duel("single", "router", "peer", progress);

  @Test
  void sides_take_turns_a_b_b_a_and_neighbours_are_pairs() throws Exception {
    Ratios ratios = duel.play(side("A", 10, 20, 30, 40), side("B", 5, 4, 3, 2), 2);

    assertThat(String.join("", order)).isEqualTo("ABBAABBA");
    assertThat(ratios.pairs())
        .containsExactly(new Pair(10, 5), new Pair(20, 4), new Pair(30, 3), new Pair(40, 2));
  }

  @Test
  void a_slice_with_errors_is_measured_again_at_once() throws Exception {
    Ratios ratios = duel.play(side("A", -1, 10, 20), side("B", 5, 4), 1);

    assertThat(String.join("", order)).isEqualTo("AABBA");
    assertThat(ratios.pairs()).containsExactly(new Pair(10, 5), new Pair(20, 4));
    assertThat(attempts.refused()).isEqualTo(1);
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("refused: it went wrong");
  }

  @Test
  void a_slice_whose_processors_were_taken_away_is_measured_again() throws Exception {
    clock.add(new ProcessorTime(1_000, 0));
    clock.add(new ProcessorTime(1_100, 10));

    Ratios ratios = duel.play(side("A", 99, 10, 20), side("B", 5, 4), 1);

    assertThat(ratios.pairs()).containsExactly(new Pair(10, 5), new Pair(20, 4));
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("the host took 10 % of the processors away");
  }

  @Test
  void what_goes_wrong_every_time_gives_no_result() {
    assertThatThrownBy(() -> duel.play(side("A", -1, -1, -1, -1, 10), side("B", 5), 1))
        .isInstanceOf(BrokenPromise.class)
        .hasMessageContaining("refused 4 times in a row");
  }

  @Test
  void a_host_that_takes_the_processors_away_is_nobodys_broken_promise() {
    for (int taken = 0; taken < 2 * Attempts.MOST; taken++) {
      clock.add(new ProcessorTime(100 * taken, 10 * taken));
    }
    assertThatThrownBy(() -> duel.play(side("A", 1, 1, 1, 1, 1), side("B", 5), 1))
        .isInstanceOf(NotMeasured.class)
        .hasMessageContaining("refused 4 times in a row")
        .hasMessageContaining("the host took 10 % of the processors away");
  }

  /** Gives these rates one after the other; -1: something goes wrong. */
  private Slice side(String name, double... rates) {
    Deque<Double> left = new ArrayDeque<>();
    for (double rate : rates) {
      left.add(rate);
    }
    return () ->
        attempts.measure(
            name,
            () -> {
              order.add(name);
              double rate = left.remove();
              if (rate < 0) {
                throw new RefusedSlice("it went wrong");
              }
              return rate;
            });
  }
}
