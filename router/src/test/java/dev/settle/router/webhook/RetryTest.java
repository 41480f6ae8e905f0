package dev.settle.router.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryTest {

  private static Duration pause(int tries, double chance) {
    return Retry.after(Outcome.REFUSED, tries, Duration.ZERO, chance).pause();
  }

  @Test
  void pauses_double_up_to_an_hour_and_are_spread_by_half() {
    assertThat(pause(0, 0)).hasMillis(2_500);
    assertThat(pause(0, 0.999_999)).isBetween(Duration.ofMillis(4_999), Duration.ofSeconds(5));
    assertThat(pause(1, 0)).hasMillis(5_000);
    assertThat(pause(9, 0)).hasMillis(1_280_000);
    for (int tries = 10; tries < 2_000; tries++) {
      assertThat(pause(tries, 0)).isEqualTo(Duration.ofMinutes(30));
      assertThat(pause(tries, 0.999_999)).isLessThanOrEqualTo(Duration.ofHours(1));
    }
  }

  @Test
  void after_three_days_nobody_tries_any_more() {
    Duration almost = Duration.ofHours(72).minusSeconds(1);
    assertThat(Retry.after(Outcome.NO_ANSWER, 90, almost, 0).stop()).isNull();
    assertThat(Retry.after(Outcome.NO_ANSWER, 90, Duration.ofHours(72), 0).stop())
        .isEqualTo("NOT_DELIVERED");
  }

  @Test
  void a_receiver_that_is_gone_is_given_up_at_once() {
    assertThat(Retry.after(Outcome.GONE, 0, Duration.ZERO, 0).stop()).isEqualTo("GONE");
  }

  @Test
  void statuses_are_told_apart() {
    assertThat(Answer.ofStatus(204).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
    assertThat(Answer.ofStatus(307).outcome()).isEqualTo(Outcome.REDIRECTED);
    assertThat(Answer.ofStatus(410).outcome()).isEqualTo(Outcome.GONE);
    assertThat(Answer.ofStatus(429).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(Answer.ofStatus(500).outcome()).isEqualTo(Outcome.REFUSED);
  }
}
