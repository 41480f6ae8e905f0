package dev.settle.router.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BookGaugesTest {

  @Test
  void aQuickReadingIsFollowedByTheNextAfterASecond() {
    assertThat(BookGauges.pause(Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(1));
    assertThat(BookGauges.pause(Duration.ofMillis(20))).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aSlowReadingTakesNoMoreThanAFiftiethOfTheTime() {
    assertThat(BookGauges.pause(Duration.ofMillis(80))).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void theBookIsReadHoweverLongItTakes() {
    assertThat(BookGauges.pause(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(10));
  }
}
