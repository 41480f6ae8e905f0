package dev.settle.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryJournalTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  private StoryJournal open(Clock clock) throws IOException {
    return StoryJournal.open(folder.resolve("stories.csv"), clock);
  }

  private void playThree() throws IOException {
    StoryJournal journal = open(NOON);
    journal.begin(new StoryOrder(StoryKind.BLOCKED_CARD, 3, 1));
    journal.begin(new StoryOrder(StoryKind.CARD_CHANGE, 4, 1));
    journal.end(4);
    journal.begin(new StoryOrder(StoryKind.THREE_CARD_CHANGES, 4, 1));
    journal.end(4);
  }

  @Test
  void theNextRunKnowsWhoWasLeftInTheMiddleAndHowOftenEachApplied() throws IOException {
    playThree();

    StoryJournal next = open(NOON);
    assertThat(next.leftOpen()).containsExactly(3);
    assertThat(next.applications()).isEqualTo(Map.of(3, 2, 4, 4));
  }

  @Test
  void applicationsOfYesterdayCountNoMore() throws IOException {
    playThree();

    StoryJournal next = open(Clock.offset(NOON, Duration.ofHours(25)));
    assertThat(next.leftOpen()).containsExactly(3);
    assertThat(next.applications()).isEmpty();
  }

  @Test
  void aTornLastLineIsNone() throws IOException {
    playThree();
    Files.writeString(
        folder.resolve("stories.csv"), "2026-11-22T12:00:00Z,EN", StandardOpenOption.APPEND);

    StoryJournal next = open(NOON);
    next.end(3);
    assertThat(open(NOON).leftOpen()).isEmpty();
  }

  @Test
  void aLineThatIsNoneIsRefused() throws IOException {
    Files.writeString(folder.resolve("stories.csv"), "once upon a time\n");

    assertThatThrownBy(() -> open(NOON)).hasMessageContaining("once upon a time");
  }
}
