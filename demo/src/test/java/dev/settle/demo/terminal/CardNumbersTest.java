package dev.settle.demo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CardNumbersTest {

  private static final int MERCHANTS = 200_000;
  private static final Set<String> ORDERS_TO_THE_BANK =
      Set.of("0001", "0002", "0004", "0006", "0008", "0009", "0010", "0012", "0015");

  @Test
  void everyCardIsValidAndOrdinaryAndNobodyElses() {
    Set<String> seen = new HashSet<>();
    for (int merchant = 1; merchant <= MERCHANTS; merchant++) {
      String card = CardNumbers.ofMerchant(merchant);
      assertThat(card).matches("622202[0-9]{13}");
      assertThat(luhnSum(card) % 10).as(card).isZero();
      assertThat(ORDERS_TO_THE_BANK).doesNotContain(card.substring(15));
      assertThat(seen.add(card)).as("%s of merchant %d", card, merchant).isTrue();
    }
  }

  /**
   * ISO/IEC 7812-1, annex B: the sum over all digits, every second from the right doubled and its
   * digits added.
   */
  private static int luhnSum(String card) {
    int[] doubled = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    int sum = 0;
    for (int fromRight = 1; fromRight <= card.length(); fromRight++) {
      int digit = card.charAt(card.length() - fromRight) - '0';
      sum += fromRight % 2 == 0 ? doubled[digit] : digit;
    }
    return sum;
  }

  @Test
  void laterCardsAreOrdinaryToo() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String card = CardNumbers.any(random);
      assertThat(card).matches("622202[0-9]{9}[1-9][0-9]{3}");
      assertThat(luhnSum(card) % 10).as(card).isZero();
    }
  }

  @Test
  void aMistypedCardHasAWrongCheckDigitAndNothingElse() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      String card = CardNumbers.mistyped(random);
      assertThat(card).matches("622202[0-9]{9}[1-9][0-9]{3}");
      assertThat(luhnSum(card) % 10).as(card).isNotZero();
    }
  }

  @Test
  void anOrderToTheBankCanStandOnAValidCard() {
    Random random = new Random(3);
    for (String ending : ORDERS_TO_THE_BANK) {
      String card = CardNumbers.endingIn(ending, random);
      assertThat(card).matches("622202[0-9]{9}" + ending);
      assertThat(luhnSum(card) % 10).as(card).isZero();
    }
  }

  @Test
  void theLastMerchantHasACardToo() {
    assertThat(CardNumbers.ofMerchant(Merchants.MOST)).hasSize(19);
  }

  @Test
  void aMerchantIsTheSameEachTime() {
    assertThat(Merchants.document(77)).isEqualTo(Merchants.document(77));
    assertThat(Merchants.merchantId(77)).isEqualTo("M000077");
    assertThat(Merchants.terminalId(77)).isEqualTo("T0000077");
  }
}
