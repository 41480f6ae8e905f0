package dev.settle.router.transaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

/** {@code JAZZER_FUZZ=1} makes this a search; otherwise it tries what was once found. */
class TransactionReaderFuzzTest {

  private final TransactionReader reader =
      new TransactionReader(
          new ReplayWindow(
              Clock.fixed(Instant.parse("2026-11-28T10:00:00Z"), ZoneOffset.UTC),
              Duration.ofDays(180)));

  @FuzzTest
  void any_bytes_are_a_transaction_or_a_refusal_that_shows_nothing_of_them(byte[] bytes) {
    byte[] around = new byte[bytes.length + 8];
    Arrays.fill(around, (byte) '}');
    System.arraycopy(bytes, 0, around, 4, bytes.length);
    Reading reading = reader.read(bytes, 0, bytes.length);
    assertThat(reader.read(around, 4, bytes.length)).isEqualTo(reading);
    if (reading instanceof Refusal refusal) {
      assertThat(refusal.detail()).isNotBlank();
      if (refusal.field() != null) {
        assertThat(refusal.field()).matches("[A-Za-z_.?-]{0,40}");
      }
    } else {
      assertThat(((Transaction) reading).amount().minor()).isPositive();
    }
  }

  @FuzzTest
  void any_words_are_a_key_or_a_refusal(byte[] bytes) {
    String[] words = new String(bytes, UTF_8).split("\n", 8);
    int[] next = {0};
    KeyQuery query = KeyQuery.read(name -> next[0] < words.length ? words[next[0]++] : "");
    assertThat(query.key() == null).isNotEqualTo(query.refusal() == null);
  }
}
