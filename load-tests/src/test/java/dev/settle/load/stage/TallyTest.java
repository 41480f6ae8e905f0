package dev.settle.load.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

  private final Tally tally = new Tally();

  @Test
  void a_kind_is_all_its_phases_and_no_other_kind() {
    tally.answered("sale before", "201", 10);
    tally.answered("sale during", "201", 30);
    tally.answered("sale during", "503", 1);
    tally.answered("sales during", "201", 1_000);

    assertThat(tally.count("sale")).isEqualTo(3);
    assertThat(tally.count("sale", "201")).isEqualTo(2);
    assertThat(tally.count("sale during", "201")).isEqualTo(1);
    assertThat(tally.percentile("sale", 100)).isEqualTo(30);
  }

  @Test
  void what_was_not_answered_counts_and_has_no_time() {
    tally.answered("sale before", "201", 10);
    tally.counted("sale before", Tally.NO_ANSWER, 1);

    assertThat(tally.count("sale")).isEqualTo(2);
    assertThat(tally.millis("sale").getTotalCount()).isEqualTo(1);
    assertThat(tally.otherThan("sale", "201")).isEqualTo(", others: {no answer=1}");
    assertThat(tally.otherThan("nothing", "201")).isEmpty();
  }

  @Test
  void a_rate_is_of_whole_seconds_alone() throws InterruptedException {
    assertThat(tally.perSecond("line")).isZero();
    long end = System.nanoTime() + 3_200_000_000L;
    while (System.nanoTime() < end) {
      tally.counted("line", "ACCEPTED", 5);
      Thread.sleep(50);
    }

    assertThat(tally.perSecond("line")).isBetween(60.0, 105.0);
  }
}
