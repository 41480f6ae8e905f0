package dev.settle.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StandbyWatchTest {

  @Test
  void good_is_a_standby_that_commits_wait_for() {
    assertThat(StandbyWatch.said(true, true, 1, 0)).isEqualTo("ok");
    assertThat(StandbyWatch.said(true, true, 2, 3)).isEqualTo("ok");
  }

  @Test
  void what_is_missing_is_named() {
    assertThat(StandbyWatch.said(false, true, 0, 0)).isEqualTo(StandbyWatch.NONE_NAMED);
    assertThat(StandbyWatch.said(true, false, 1, 0)).isEqualTo(StandbyWatch.NOT_WAITED_FOR);
    assertThat(StandbyWatch.said(true, true, 0, 0)).isEqualTo(StandbyWatch.NONE_CONNECTED);
  }

  @Test
  void what_may_not_be_seen_is_not_said_to_be_missing() {
    assertThat(StandbyWatch.said(true, true, 0, 1)).isEqualTo(StandbyWatch.HIDDEN);
  }
}
