package dev.settle.router.rail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class CutOffTest {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final CutOff DAY = new CutOff(LocalTime.of(8, 30), LocalTime.of(17, 0), SHANGHAI);
  private static final CutOff NIGHT =
      new CutOff(LocalTime.of(20, 30), LocalTime.of(17, 15), SHANGHAI);

  @Test
  void inside_a_window_it_closes_today() {
    assertThat(DAY.untilClosing(Instant.parse("2026-11-22T01:00:00Z")))
        .isEqualTo(Duration.ofHours(8));
  }

  @Test
  void from_its_closing_on_it_is_that_of_the_next_window() {
    assertThat(DAY.untilClosing(Instant.parse("2026-11-22T09:00:00Z")))
        .isEqualTo(Duration.ofDays(1));
    assertThat(DAY.untilClosing(Instant.parse("2026-11-22T23:00:00Z")))
        .isEqualTo(Duration.ofHours(10));
  }

  @Test
  void a_window_may_span_midnight() {
    assertThat(NIGHT.untilClosing(Instant.parse("2026-11-22T15:15:00Z")))
        .isEqualTo(Duration.ofHours(18));
  }

  @Test
  void a_day_that_is_an_hour_shorter_is_an_hour_shorter() {
    CutOff berlin = new CutOff(LocalTime.of(8, 0), LocalTime.of(16, 0), ZoneId.of("Europe/Berlin"));
    assertThat(berlin.untilClosing(Instant.parse("2026-03-28T15:00:00Z")))
        .isEqualTo(Duration.ofHours(23));
  }
}
