package dev.settle.router.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PacedTest {

  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void close() {
    VERTX.close();
  }

  /** As the book is read for its gauges. */
  private static Duration pause(Duration took) {
    return new Paced(
            VERTX,
            LoggerFactory.getLogger(PacedTest.class),
            "a reading failed",
            Limits.BOOK_READ_EVERY,
            Limits.BOOK_READ_AT_LEAST_EVERY,
            Limits.BOOK_READING_SHARE,
            () -> Future.succeededFuture(false))
        .pause(took, false);
  }

  @Test
  void aQuickReadingIsFollowedByTheNextAfterASecond() {
    assertThat(pause(Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(1));
    assertThat(pause(Duration.ofMillis(20))).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aSlowReadingTakesNoMoreThanAFiftiethOfTheTime() {
    assertThat(pause(Duration.ofMillis(80))).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void theBookIsReadHoweverLongItTakes() {
    assertThat(pause(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(10));
  }
}
