package dev.settle.router.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HiddenNumberTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "6222021000000009103",
        "card 6222021000000009103, please",
        "5555555555554444",
        "5555 5555 5555 4444",
        "5555-5555-5555-4444",
        "5555\u00a05555\u00a05555\u00a04444",
        "shop 12 5555 5555 5555 4444",
        "５５５５５５５５５５５５４４４４",
        "378282246310005",
        "12345678901234567890",
        "C12345678901234567",
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
      })
  void whatMayBeAnAccountNumberIsFound(String text) {
    assertThat(HiddenNumber.mayBeIn(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "李 12",
        "Shop 24/7, 3rd floor, no. 12-14",
        "phone +86 10 1234 5678 / +86 21 8765 4321",
        "rrn 632512000123 of 2026-11-28",
        "C00000000000V-1 was booked at 2026-11-28T10:05:07.123456Z",
        "merchant 848100012345678",
        "5555 5555 5555 4445",
        "ticket 632512000123 12850 CNY",
        "last four 4444",
      })
  void idsDatesAndTelephoneNumbersPass(String text) {
    assertThat(HiddenNumber.mayBeIn(text)).isFalse();
  }
}
