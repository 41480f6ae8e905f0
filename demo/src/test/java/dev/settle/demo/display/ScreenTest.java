package dev.settle.demo.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScreenTest {

  private static final Figures FIGURES =
      new Figures(Duration.ofSeconds(1), null, 12, 10, 2, 0, 0, 12, 900, 1_200, 5L);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Screen screen(int columns, boolean colours) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new Screen(stream, columns, colours, true);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aPipeGetsWholePlainLinesEveryFewSeconds() {
    Screen screen = screen(0, true);
    for (int second = 0; second < 10; second++) {
      screen.show(FIGURES);
    }
    screen.warn("a node died");
    screen.fact("Bank", "http://127.0.0.1:8082");
    assertThat(printed()).doesNotContain("\u001b", "\r");
    assertThat(printed().lines()).hasSize(4).contains("a node died");
    assertThat(printed()).contains("Bank         http://127.0.0.1:8082");
  }

  @Test
  void onATerminalTheLiveLineStaysTheLastOne() {
    Screen screen = screen(60, false);
    screen.show(FIGURES);
    screen.say("a node died");
    assertThat(printed()).endsWith("\r\u001b[Ka node died\n\r\u001b[K" + live());
  }

  @Test
  void whatIsWaitedForIsWrittenOverInPlaceAndNeverWraps() {
    Screen screen = screen(20, false);
    screen.progress("Draining: 12345 credits queued or at the bank");
    screen.progress("Draining: 3 credits");
    screen.endLive();
    assertThat(printed()).isEqualTo("\r\u001b[KDraining: 12345 cre\r\u001b[KDraining: 3 credits\n");
  }

  @Test
  void whoeverWantsNoColoursGetsNone() {
    Screen screen = screen(200, false);
    screen.show(FIGURES);
    screen.warn("look");
    assertThat(printed()).doesNotContain("\u001b[3", "\u001b[1m", "\u001b[2m");
  }

  private static String live() {
    return StatusLine.format(FIGURES, 59, new Ink(false, true));
  }
}
