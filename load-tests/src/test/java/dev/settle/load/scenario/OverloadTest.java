package dev.settle.load.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A flood is held against the peaks beside it. */
class OverloadTest {

  @Test
  void a_flood_is_held_against_the_mean_of_the_peaks_before_and_after_it() {
    assertThat(Overload.kept(List.of(50.0, 30.0, 20.0), List.of(36.0, 20.0)))
        .containsExactly(0.9, 0.8);
  }

  @Test
  void a_flood_beside_an_unknown_peak_has_kept_nothing() {
    assertThat(Overload.kept(List.of(0.0, 30.0, 0.0), List.of(36.0, 20.0)))
        .containsExactly(0.0, 0.0);
  }
}
