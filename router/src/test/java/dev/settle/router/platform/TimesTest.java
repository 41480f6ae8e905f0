package dev.settle.router.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class TimesTest {

  @Test
  void times_are_rfc_3339_with_seconds_even_when_they_are_zero() {
    assertThat(Times.text(OffsetDateTime.parse("2026-11-22T18:10:00+08:00")))
        .isEqualTo("2026-11-22T10:10:00Z");
    assertThat(Times.text(OffsetDateTime.parse("2026-11-22T18:10:00.123456+08:00")))
        .isEqualTo("2026-11-22T10:10:00.123456Z");
  }
}
