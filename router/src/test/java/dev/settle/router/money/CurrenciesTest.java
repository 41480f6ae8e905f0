package dev.settle.router.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurrenciesTest {

  @ParameterizedTest
  @ValueSource(strings = {"CNY", "USD", "EUR", "JPY", "KWD", "HKD"})
  void currencies_that_amounts_can_be_stated_in_are_known(String code) {
    assertThat(Currencies.isKnown(code)).isTrue();
  }

  /** XAU, XXX and XTS are in ISO 4217 but have no minor unit. */
  @ParameterizedTest
  @ValueSource(strings = {"", "cny", "RMB", "CN", "CNYY", "156", "XAU", "XXX", "XTS", "CNY "})
  void everything_else_is_not(String code) {
    assertThat(Currencies.isKnown(code)).isFalse();
  }

  @Test
  void an_amount_is_from_one_minor_unit_to_twelve_digits() {
    assertThat(new Money(1, "CNY").minor()).isEqualTo(1);
    assertThat(new Money(999_999_999_999L, "CNY").minor()).isEqualTo(Money.MAX_MINOR);
    for (long wrong : new long[] {0, -1, 1_000_000_000_000L, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> new Money(wrong, "CNY"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
