package dev.settle.sandbox.bank;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangedAccountTest {

  @ParameterizedTest
  @ValueSource(strings = {"622202000000000015", "AB0015", "6222020000000015", "0015"})
  void isAnOrdinaryAccountThatDiffersInItsEndingOnly(String old) {
    String changed = ChangedAccount.of(old);

    assertThat(changed).hasSameSizeAs(old).isNotEqualTo(old);
    assertThat(changed.substring(0, old.length() - 4))
        .isEqualTo(old.substring(0, old.length() - 4));
    assertThat(Verdict.ending(changed)).doesNotStartWith("0");
    assertThat(ChangedAccount.of(old)).isEqualTo(changed);
  }

  @Test
  void keepsAValidCheckDigitValid() {
    int cards = 0;
    for (int i = 0; i < 2_000; i++) {
      String old = "622202" + String.format("%09d", i * 7_919L) + "0015";
      if (ChangedAccount.isCard(old)) {
        cards++;
        assertThat(ChangedAccount.isCard(ChangedAccount.of(old))).as(old).isTrue();
      }
    }
    assertThat(cards).isGreaterThan(100);
  }

  @Test
  void knowsAValidCheckDigit() {
    assertThat(ChangedAccount.isCard("4111111111111111")).isTrue();
    assertThat(ChangedAccount.isCard("4111111111111112")).isFalse();
    assertThat(ChangedAccount.isCard("411111111111111A")).isFalse();
  }
}
