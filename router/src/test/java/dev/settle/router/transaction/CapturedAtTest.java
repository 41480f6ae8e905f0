package dev.settle.router.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the text, the outcome is that of {@link OffsetDateTime#parse}. */
class CapturedAtTest {

  private static final String LETTERS = "0123456789-+:TZz. 九";

  @Test
  void readsWhatTheJdkReadsAndRefusesWhatItRefuses() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int times = 0;
    for (int i = 0; i < 200_000; i++) {
      String text = random.nextBoolean() ? time(random) : mutated(time(random), random);
      String expected = outcomeOf(() -> OffsetDateTime.parse(text));
      times += expected.equals("refused") ? 0 : 1;
      assertThat(outcomeOf(() -> CapturedAt.parse(text)))
          .as("%s, seed %d", text, seed)
          .isEqualTo(expected);
    }
    assertThat(times).isBetween(50_000, 190_000);
  }

  private static String outcomeOf(java.util.function.Supplier<OffsetDateTime> parsed) {
    try {
      return parsed.get().toString();
    } catch (DateTimeParseException refused) {
      return "refused";
    }
  }

  /** Most are times; some have a month, day, hour or offset that is none. */
  private static String time(Random random) {
    String offset =
        random.nextBoolean()
            ? "Z"
            : (random.nextBoolean() ? "+" : "-")
                + two(random.nextInt(20))
                + ":"
                + two(random.nextInt(62));
    return "%04d-%s-%sT%s:%s:%s%s"
        .formatted(
            random.nextInt(10_000),
            two(random.nextInt(14)),
            two(random.nextInt(33)),
            two(random.nextInt(26)),
            two(random.nextInt(61)),
            two(random.nextInt(61)),
            offset);
  }

  private static String two(int number) {
    return "%02d".formatted(number);
  }

  private static String mutated(String text, Random random) {
    StringBuilder mutated = new StringBuilder(text);
    int at = random.nextInt(text.length());
    char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
    switch (random.nextInt(3)) {
      case 0 -> mutated.setCharAt(at, letter);
      case 1 -> mutated.insert(at, letter);
      default -> mutated.deleteCharAt(at);
    }
    return mutated.toString();
  }
}
