package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.SeenSignatures.Seen;
import dev.settle.router.testing.Seeds;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeenSignaturesTest {

  private static final long GENERATION = 120;

  @Test
  void a_signature_is_new_once() {
    SeenSignatures seen = new SeenSignatures(1 << 10);
    for (long bits : new long[] {0, 1L << 40, -1, Long.MIN_VALUE}) {
      assertThat(seen.remember(bits, 7)).isEqualTo(Seen.NEW);
      assertThat(seen.remember(bits, 7)).isEqualTo(Seen.BEFORE);
    }
  }

  @Test
  void it_is_remembered_for_as_long_as_it_could_be_shown() {
    SeenSignatures seen = new SeenSignatures(1 << 10);
    long last = GENERATION - 1;
    assertThat(seen.remember(42, last)).isEqualTo(Seen.NEW);
    // Timely until a window later, when the next generation has begun and the one after it has not.
    assertThat(seen.remember(43, last + 1)).isEqualTo(Seen.NEW);
    assertThat(seen.remember(42, last)).isEqualTo(Seen.BEFORE);
  }

  @Test
  void two_generations_on_its_place_is_free_and_its_time_is_over() {
    SeenSignatures seen = new SeenSignatures(1 << 10);
    assertThat(seen.remember(42, 0)).isEqualTo(Seen.NEW);
    assertThat(seen.remember(42, 2 * GENERATION)).isEqualTo(Seen.NEW);
    assertThat(seen.remember(44, 0))
        .as("a clock that went back forgets nothing")
        .isEqualTo(Seen.BEFORE);
  }

  @Test
  void when_it_is_full_nothing_new_is_taken_and_nothing_old_forgotten() {
    Random random = new Random(Seeds.of(this));
    SeenSignatures seen = new SeenSignatures(1 << 12);
    long[] taken = random.longs(3 << 10).toArray();
    for (long bits : taken) {
      assertThat(seen.remember(bits, 7)).isEqualTo(Seen.NEW);
    }
    assertThat(seen.remember(random.nextLong(), 7)).isEqualTo(Seen.NO_ROOM);
    for (long bits : taken) {
      assertThat(seen.remember(bits, 7)).isEqualTo(Seen.BEFORE);
    }
    assertThat(seen.remember(random.nextLong(), GENERATION)).isEqualTo(Seen.NEW);
  }

  @Test
  void of_many_who_show_the_same_at_once_one_is_first() throws Exception {
    SeenSignatures seen = new SeenSignatures(1 << 16);
    long[] shown = new Random(Seeds.of(this)).longs(20_000).toArray();
    ExecutorService loops = Executors.newFixedThreadPool(4);
    try {
      Callable<Long> loop =
          () ->
              IntStream.range(0, shown.length)
                  .filter(i -> seen.remember(shown[i], 7) == Seen.NEW)
                  .count();
      long first = 0;
      for (var count : loops.invokeAll(List.of(loop, loop, loop, loop))) {
        first += count.get();
      }
      assertThat(first).isEqualTo(shown.length);
    } finally {
      loops.shutdownNow();
    }
  }
}
