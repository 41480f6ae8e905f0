package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

  @Test
  void good_answers_bring_one_more_for_each_round_up_to_the_bound() {
    Pace pace = new Pace(1, 3);

    pace.ended(true, true);
    assertThat(pace.atOnce()).isEqualTo(2);
    pace.ended(true, true);
    pace.ended(true, true);
    pace.ended(true, true);
    assertThat(pace.atOnce()).isEqualTo(3);
    pace.ended(true, true);
    assertThat(pace.atOnce()).isEqualTo(3);
  }

  @Test
  void without_others_that_wait_nothing_is_learned() {
    Pace pace = new Pace(2, 4);

    pace.ended(true, false);

    assertThat(pace.atOnce()).isEqualTo(2);
  }

  @Test
  void a_bad_answer_halves_it_and_one_always_may() {
    Pace pace = new Pace(4, 4);

    pace.ended(false, true);
    assertThat(pace.atOnce()).isEqualTo(2);
    pace.ended(false, true);
    pace.ended(false, true);
    pace.ended(false, true);
    assertThat(pace.atOnce()).isEqualTo(1);
  }
}
