package dev.settle.load.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sample that is missed costs a sample and not the run; what was seen is in the file at once. */
@Timeout(60)
class SamplingTest {

  private static final Duration EVERY = Duration.ofMillis(2);
  private static final int TURNS = 400;
  private static final Duration LENGTH = EVERY.multipliedBy(TURNS);

  @TempDir Path folder;

  private int asked;
  private int thawed;
  private int frozen;

  @Test
  void one_that_is_missed_now_and_then_is_counted_and_no_fault() throws Exception {
    try (SampleLog log = SampleLog.open(null)) {
      Sampling sampling = sampling(log, every -> every % 21 != 0);
      assertThat(sampling.run(LENGTH, EVERY)).isTrue();
      assertThat(sampling.missed()).isEqualTo(asked / 21).isPositive();
      assertThat(log.samples()).hasSize(asked - sampling.missed());
      assertThat(sampling.faults()).isEmpty();
      assertThat(thawed).isEqualTo(frozen).isPositive();
    }
  }

  @Test
  void more_than_one_of_twenty_is_one() throws Exception {
    try (SampleLog log = SampleLog.open(null)) {
      Sampling sampling = sampling(log, every -> every % 10 != 0);
      assertThat(sampling.run(LENGTH, EVERY)).isTrue();
      assertThat(sampling.faults())
          .singleElement()
          .asString()
          .startsWith(asked / 10 + " of " + asked + " samples had no answer; last: ");
    }
  }

  @Test
  void a_turn_that_comes_too_late_is_left_out() throws Exception {
    try (SampleLog log = SampleLog.open(null)) {
      Sampling sampling =
          sampling(
              log,
              every -> {
                LockSupport.parkNanos(EVERY.multipliedBy(10).toNanos());
                return true;
              });
      assertThat(sampling.run(LENGTH, EVERY)).isTrue();
      assertThat(asked).isLessThanOrEqualTo(TURNS / 10);
    }
  }

  @Test
  void when_none_is_answered_any_more_nobody_is_asked_to_the_end() throws Exception {
    try (SampleLog log = SampleLog.open(null)) {
      Sampling sampling = sampling(log, every -> every <= 10);
      assertThat(sampling.run(Duration.ofHours(1), EVERY)).isFalse();
      assertThat(asked).isEqualTo(10 + Sampling.MOST_IN_A_ROW);
      assertThat(sampling.faults())
          .containsExactly("5 samples in a row had no answer; last: java.io.IOException: 15");
    }
  }

  @Test
  void a_thaw_that_fails_is_tried_again_and_said() throws Exception {
    try (SampleLog log = SampleLog.open(null)) {
      Sampling sampling =
          new Sampling(
              () -> sample(1),
              new Sampling.Orders() {
                @Override
                public long freeze() {
                  return ++frozen;
                }

                @Override
                public void thaw(long account) throws IOException {
                  if (thawed++ == 0) {
                    throw new IOException("timed out");
                  }
                }
              },
              log,
              sample -> {});
      assertThat(sampling.run(LENGTH, EVERY)).isTrue();
      assertThat(thawed).isEqualTo(frozen + 1);
      assertThat(sampling.faults())
          .containsExactly("1 freezes or thaws failed; last: java.io.IOException: timed out");
    }
  }

  @Test
  void each_sample_is_in_the_file_before_the_next() throws Exception {
    Path csv = folder.resolve("samples.csv");
    try (SampleLog log = SampleLog.open(csv)) {
      log.add(sample(1));
      assertThat(Files.readAllLines(csv)).hasSize(2);
      log.add(sample(2));
      assertThat(Files.readAllLines(csv)).hasSize(3);
    }
  }

  private interface Answered {
    boolean is(int sample);
  }

  private Sampling sampling(SampleLog log, Answered answered) {
    return new Sampling(
        () -> {
          if (!answered.is(++asked)) {
            throw new IOException(String.valueOf(asked));
          }
          return sample(asked);
        },
        new Sampling.Orders() {
          @Override
          public long freeze() {
            return ++frozen;
          }

          @Override
          public void thaw(long account) {
            thawed++;
          }
        },
        log,
        sample -> {});
  }

  private static Sample sample(double seconds) {
    return new Sample(seconds, 0, 0, 0, 0, 0, 0, Map.of(), 0, 0);
  }
}
