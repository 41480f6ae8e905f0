package dev.settle.demo.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StatusLineTest {

  private static final Figures EARLY =
      new Figures(
          Duration.ofSeconds(1), Duration.ofSeconds(30), 1, 0, 1, 0, 0, 1, 900, 1_200, null);
  private static final Figures LATE =
      new Figures(
          Duration.ofSeconds(29),
          Duration.ofSeconds(30),
          1_234_567,
          1_234_000,
          567,
          345,
          1_234,
          12_345,
          41_000,
          812_000,
          250L);

  @Test
  void theLineKeepsItsWidthWhileNumbersGrow() {
    assertThat(StatusLine.format(LATE, 500, Ink.PLAIN))
        .hasSameSizeAs(StatusLine.format(EARLY, 500, Ink.PLAIN));
  }

  @Test
  void itNeverBreaksTheTerminalsLine() {
    for (int columns = 1; columns < 200; columns++) {
      assertThat(StatusLine.format(LATE, columns, Ink.PLAIN).length()).isLessThanOrEqualTo(columns);
    }
  }

  @Test
  void coloursTakeNoColumns() {
    for (int columns = 1; columns < 200; columns++) {
      String coloured = StatusLine.format(LATE, columns, new Ink(true, false));
      assertThat(coloured.replaceAll("\u001b\\[\\d*m", ""))
          .isEqualTo(StatusLine.format(LATE, columns, Ink.PLAIN));
    }
  }

  @Test
  void whatIsBehindOrHeldIsColoured() {
    String yellow = "\u001b[33m";
    Ink ink = new Ink(true, true);
    assertThat(StatusLine.format(EARLY, 500, ink)).doesNotContain(yellow);
    assertThat(StatusLine.format(LATE, 500, ink)).contains(yellow + "   345");
  }

  @Test
  void aTerminalThatShowsItGetsASolidBar() {
    assertThat(StatusLine.format(LATE, 500, new Ink(false, true)))
        .startsWith("▕███████████████████░▏ 00:29/00:30");
  }

  @Test
  void whatDoesNotFitIsLeftOutWhole() {
    assertThat(StatusLine.format(LATE, 70, Ink.PLAIN))
        .isEqualTo("[###################.] 00:29/00:30  accepted 1,234,567");
  }

  @Test
  void whatIsHeldAndNewCardsStandLastWhereThereIsRoom() {
    assertThat(StatusLine.format(LATE, 500, Ink.PLAIN)).endsWith("held    345  new cards 1,234");
  }

  @Test
  void withoutAnEndThereIsNoBar() {
    Figures open = new Figures(Duration.ofMinutes(75), null, 1, 1, 0, 0, 0, 1, 0, 0, null);
    assertThat(StatusLine.format(open, 500, Ink.PLAIN)).startsWith("1:15:00  accepted");
  }

  @Test
  void timesAreReadableAtEverySize() {
    assertThat(StatusLine.millis(960)).isEqualTo(" 1.0ms");
    assertThat(StatusLine.millis(12_340)).isEqualTo("12.3ms");
    assertThat(StatusLine.millis(812_000)).isEqualTo(" 812ms");
  }
}
