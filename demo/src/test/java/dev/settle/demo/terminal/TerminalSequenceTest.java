package dev.settle.demo.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.demo.terminal.TerminalSequence.BatchAndStan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalSequenceTest {

  @TempDir private Path folder;

  @Test
  void eachTerminalCountsForItself() {
    TerminalSequence sequence = new TerminalSequence(2, 1_000, 100);
    assertThat(sequence.next(1)).isEqualTo(new BatchAndStan(1_000, 1));
    assertThat(sequence.next(1)).isEqualTo(new BatchAndStan(1_000, 2));
    assertThat(sequence.next(2)).isEqualTo(new BatchAndStan(1_000, 1));
  }

  @Test
  void aTerminalOpensItsNextBatchWhenItsNumbersAreUsedUp() {
    TerminalSequence sequence = new TerminalSequence(1, 1_000, 2);
    BatchAndStan last = sequence.next(1);
    for (int i = 1; i < TerminalSequence.STANS_PER_BATCH; i++) {
      last = sequence.next(1);
    }
    assertThat(last).isEqualTo(new BatchAndStan(1_000, 999_999));
    assertThat(sequence.next(1)).isEqualTo(new BatchAndStan(1_001, 1));
  }

  @Test
  void aTerminalNeverStartsOver() {
    TerminalSequence sequence = new TerminalSequence(1, 1_000, 1);
    for (int i = 0; i < TerminalSequence.STANS_PER_BATCH; i++) {
      sequence.next(1);
    }
    assertThatThrownBy(() -> sequence.next(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void everyRunHasBatchesOfItsOwn() throws IOException {
    Path runs = folder.resolve("runs");
    assertThat(BatchRuns.open(runs)).isEqualTo(1_000);
    assertThat(BatchRuns.open(runs)).isEqualTo(1_100);
    assertThat(BatchRuns.open(runs)).isEqualTo(1_200);
  }

  @Test
  void whenTheBatchNumbersAreUsedUpItSaysSo() throws IOException {
    Path runs = folder.resolve("runs");
    Files.writeString(runs, "9988\n");
    assertThat(BatchRuns.open(runs) + BatchRuns.PER_RUN - 1).isEqualTo(999_899);
    assertThatThrownBy(() -> BatchRuns.open(runs)).hasMessageContaining("--data-dir");
  }
}
