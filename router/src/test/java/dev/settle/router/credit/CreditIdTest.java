package dev.settle.router.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreditIdTest {

  private static final long SEED = 20261123;

  @Test
  void its_text_says_the_id_and_sorts_as_the_ids_do() {
    Random random = new Random(SEED);
    for (int i = 0; i < 10_000; i++) {
      long one = random.nextLong() >>> (4 + random.nextInt(50));
      long other = random.nextLong() >>> (4 + random.nextInt(50));
      assertThat(CreditId.parse(CreditId.text(one))).as("seed %d", SEED).hasValue(one);
      assertThat(Integer.signum(CreditId.text(one).compareTo(CreditId.text(other))))
          .isEqualTo(Long.compare(one, other));
    }
  }

  @Test
  void it_holds_the_batch_and_the_place_in_its_commit() {
    long id = CreditId.of(7, 1_000);
    assertThat(id >> CreditId.PLACE_BITS).isEqualTo(7);
    assertThat(id & 4_095).isEqualTo(1_000);
    assertThat(CreditId.text(id)).isEqualTo("C0000000000SV8"); // 7 * 4096 + 1000 in base 32
  }

  @Test
  void each_attempt_has_an_end_to_end_id_of_its_own() {
    assertThat(new EndToEndId.OfCredit(33, 1).text()).isEqualTo("C0000000000011-1");
    assertThat(new EndToEndId.OfCredit(33, 2).text()).isEqualTo("C0000000000011-2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "C",
        "C000000000001",
        "C00000000000011",
        "c0000000000011",
        "C000000000001w",
        "CZ000000000011",
        "C1000000000011",
        "A0000000000011",
        "C0000000000011-1",
        "C-000000000011",
        " C0000000000011"
      })
  void what_is_no_id_is_found_out_without_an_exception(String text) {
    assertThat(CreditId.parse(text)).isEmpty();
  }
}
