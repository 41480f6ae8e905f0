package dev.settle.router.rail.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.settle.router.rail.StatementEntry;

/** {@code JAZZER_FUZZ=1} makes this a search; otherwise it tries what was once found. */
class StatementLineFuzzTest {

  @FuzzTest
  void any_bytes_are_an_entry_or_refused_by_the_lines_number(byte[] bytes) {
    try {
      StatementEntry entry = StatementLine.read(bytes, 0, bytes.length, 7);
      assertThat(entry.amountMinor()).isPositive();
      assertThat(entry.endToEndId()).hasSizeBetween(1, StatementEntry.LONGEST_ID);
    } catch (SandboxException refused) {
      assertThat(refused).hasMessage("line 7 of the bank's statement is no entry").hasNoCause();
    }
  }
}
