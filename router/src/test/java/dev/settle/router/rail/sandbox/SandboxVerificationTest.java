package dev.settle.router.rail.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.router.binding.AccountNumber;
import dev.settle.router.binding.Payee;
import dev.settle.router.rail.Verification;
import dev.settle.router.rail.Verification.NameMatch;
import dev.settle.router.rail.Verification.TestCredit;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxVerificationTest {

  @Test
  void the_question_names_account_holder_and_request() {
    var payee = new Payee(new AccountNumber("6222021000000019100"), "102", "李明");
    assertThat(SandboxVerification.request(payee, true, "CC1").toJsonObject())
        .isEqualTo(
            new JsonObject()
                .put("account", "6222021000000019100")
                .put("bank", "102")
                .put("holder", "李明")
                .put("testCredit", true)
                .put("requestId", "CC1"));
  }

  @ParameterizedTest
  @EnumSource(NameMatch.class)
  void every_name_match_is_understood(NameMatch match) {
    assertThat(read("{\"nameMatch\":\"" + match + "\"}", false))
        .isEqualTo(new Verification(match, null));
  }

  @Test
  void a_test_credit_is_booked_or_rejected() {
    assertThat(
            read(
                "{\"nameMatch\":\"MATCH\",\"testCredit\":{\"endToEndId\":\"T1\",\"status\":\"ACCC\"}}",
                true))
        .isEqualTo(new Verification(NameMatch.MATCH, new TestCredit("T1", true, null)));
    Verification rejected =
        read(
            "{\"nameMatch\":\"MATCH\",\"testCredit\":{\"status\":\"RJCT\",\"reason\":\"AC04\"}}",
            true);
    assertThat(rejected.testCredit()).isEqualTo(new TestCredit(null, false, "AC04"));
    assertThat(rejected.passed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "nonsense",
        "{}",
        "{\"nameMatch\":7}",
        "{\"nameMatch\":\"PERHAPS\"}",
        "{\"nameMatch\":\"MATCH\"}",
        "{\"nameMatch\":\"MATCH\",\"testCredit\":null}",
        "{\"nameMatch\":\"MATCH\",\"testCredit\":{}}",
        "{\"nameMatch\":\"MATCH\",\"testCredit\":{\"status\":\"PDNG\"}}"
      })
  void an_answer_that_does_not_say_all_that_was_asked_says_nothing(String answer) {
    assertThatThrownBy(() -> read(answer, true)).isInstanceOf(SandboxException.class);
  }

  private static Verification read(String answer, boolean testCreditAsked) {
    return SandboxVerification.read(Buffer.buffer(answer), testCreditAsked);
  }
}
