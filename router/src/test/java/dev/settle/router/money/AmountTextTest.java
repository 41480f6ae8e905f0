package dev.settle.router.money;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12850|CNY|128.50",
        "5|CNY|0.05",
        "0|CNY|0.00",
        "123456789|CNY|1,234,567.89",
        "1234567|JPY|1,234,567",
        "1234567|BHD|1,234.567",
        "9223372036854775807|CNY|92,233,720,368,547,758.07",
      })
  void an_amount_has_the_decimals_of_its_currency_to_the_last_digit(
      long minor, String currency, String text) {
    assertThat(AmountText.of(minor, currency)).isEqualTo(text);
  }
}
