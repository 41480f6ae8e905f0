package dev.settle.router.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.settle.router.platform.ProblemException;
import java.time.Instant;

/** {@code JAZZER_FUZZ=1} makes this a search; otherwise it tries what was once found. */
class NotificationReaderFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  @FuzzTest
  void any_bytes_are_a_notification_of_this_age_or_a_problem(byte[] bytes) {
    try {
      Notification notification = NotificationReader.read(bytes, NOW);
      assertThat(notification.occurredAt().toInstant()).isBefore(NOW.plusSeconds(86_401));
      assertThat(notification.endToEndId()).matches("[!-~]{1,64}");
    } catch (ProblemException refused) {
      assertThat(refused.problem().status()).isIn(400, 422);
    }
  }
}
