package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AccountSpacingTest {

  private static final long START = -5;
  private static final Duration SPACING = Duration.ofSeconds(10);

  private final AccountSpacing spacing = new AccountSpacing(SPACING);

  private static long after(double seconds) {
    return START + (long) (seconds * 1e9);
  }

  @Test
  void between_two_transfers_to_an_account_is_time_and_other_accounts_do_not_wait() {
    assertThat(spacing.enter(1, 100, START)).isZero();
    assertThat(spacing.enter(2, 101, START)).isZero();
    assertThat(spacing.enter(1, 102, after(4))).isEqualTo(Duration.ofSeconds(6));
    assertThat(spacing.enter(1, 102, after(10))).isZero();
    assertThat(spacing.enter(1, 103, after(11))).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void who_waits_comes_before_who_is_new() {
    assertThat(spacing.enter(1, 100, START)).isZero();
    assertThat(spacing.enter(1, 103, after(1))).isPositive();
    assertThat(spacing.enter(1, 102, after(2))).isPositive();

    assertThat(spacing.enter(1, 104, after(10))).isEqualTo(SPACING);
    assertThat(spacing.enter(1, 103, after(10))).isEqualTo(SPACING);
    assertThat(spacing.enter(1, 102, after(10))).isZero();
    assertThat(spacing.enter(1, 103, after(20))).isZero();
  }

  @Test
  void who_does_not_come_to_his_turn_loses_it() {
    assertThat(spacing.enter(1, 100, START)).isZero();
    assertThat(spacing.enter(1, 101, after(1))).isPositive();

    assertThat(spacing.enter(1, 102, after(10.5))).isPositive();
    assertThat(spacing.enter(1, 102, after(11))).isZero();
  }
}
