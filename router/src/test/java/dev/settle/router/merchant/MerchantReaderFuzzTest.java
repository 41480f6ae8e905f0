package dev.settle.router.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.settle.router.platform.HiddenNumber;
import dev.settle.router.platform.ProblemException;

/** {@code JAZZER_FUZZ=1} makes this a search; otherwise it tries what was once found. */
class MerchantReaderFuzzTest {

  @FuzzTest
  void any_bytes_are_a_merchant_whose_names_hold_no_number_or_a_problem(byte[] bytes) {
    try {
      Merchant merchant = MerchantReader.read(bytes);
      assertThat(HiddenNumber.mayBeIn(merchant.name())).isFalse();
      assertThat(HiddenNumber.mayBeIn(merchant.holder())).isFalse();
      assertThat(merchant.holder()).doesNotContain(merchant.number().reveal());
      assertThat(merchant.toString()).doesNotContain(merchant.number().reveal());
    } catch (ProblemException refused) {
      assertThat(refused.problem().status()).isIn(400, 422);
    }
  }
}
