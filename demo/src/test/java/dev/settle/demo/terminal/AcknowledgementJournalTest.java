package dev.settle.demo.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgementJournalTest {

  private static final Acknowledgement ONE = acknowledgement("C1", 12_850);
  private static final Acknowledgement TWO = acknowledgement("C2", 9_007_199_254_740_993L);

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("acknowledged.csv");
  }

  private static Acknowledgement acknowledgement(String creditId, long amountMinor) {
    return new Acknowledgement(
        creditId,
        Instant.ofEpochMilli(1_790_000_000_123L),
        "48201000",
        "M000001",
        "T0000001",
        "001000",
        "000123",
        "2026-11-22",
        "SALE",
        amountMinor,
        "CNY");
  }

  private List<Acknowledgement> read() throws IOException {
    try (Stream<Acknowledgement> all = AcknowledgementReader.stream(file)) {
      return all.toList();
    }
  }

  private void write(Acknowledgement... acknowledgements) throws IOException {
    try (AcknowledgementJournal journal = AcknowledgementJournal.open(file)) {
      for (Acknowledgement acknowledgement : acknowledgements) {
        journal.add(acknowledgement);
      }
    }
  }

  @Test
  void whatWasNotedIsReadBack() throws IOException {
    write(ONE, TWO);
    assertThat(read()).containsExactly(ONE, TWO);
  }

  @Test
  void aSecondRunGoesOnWhereTheFirstEnded() throws IOException {
    write(ONE);
    write(TWO);
    assertThat(read()).containsExactly(ONE, TWO);
  }

  @Test
  void aFileThatIsNotThereHoldsNothing() throws IOException {
    assertThat(read()).isEmpty();
  }

  @Test
  void aLineThatAKillCutShortIsLeftOutWhereverItWasCut() throws IOException {
    String line = TWO.line();
    for (int cut = 1; cut < line.length(); cut++) {
      Files.deleteIfExists(file);
      write(ONE);
      Files.writeString(file, line.substring(0, cut), StandardOpenOption.APPEND);
      assertThat(read()).as("cut to %d", cut).containsExactly(ONE);
    }
  }

  @Test
  void theNextRunDoesNotWriteOnToATornLine() throws IOException {
    write(ONE);
    Files.writeString(file, "C9,4820", StandardOpenOption.APPEND);
    write(TWO);
    assertThat(read()).containsExactly(ONE, TWO);
  }

  @Test
  void aDamagedLineInTheMiddleIsNotPassedOver() throws IOException {
    write(ONE);
    Files.writeString(file, "C9,4820\n" + TWO.line() + "\n", StandardOpenOption.APPEND);
    assertThatThrownBy(this::read).hasMessageContaining("C9,4820");
  }
}
