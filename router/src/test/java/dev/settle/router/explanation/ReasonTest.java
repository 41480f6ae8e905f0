package dev.settle.router.explanation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.cardchange.ChangeState;
import dev.settle.router.rail.StatusReasons;
import dev.settle.router.rail.StatusReasons.CodeSet;
import dev.settle.router.rail.StatusReasons.Meaning;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {

  @ParameterizedTest
  @EnumSource(Reason.class)
  void every_reason_has_a_sentence_in_both_languages_and_names_whose_move_it_is(Reason reason) {
    assertThat(reason.english()).matches("[A-Z][\\x20-\\x7e]{10,}\\.");
    assertThat(reason.chinese()).endsWith("。").matches(".*[\\u4e00-\\u9fff]{4,}.*");
    assertThat(reason.whoActs()).isNotNull();
  }

  @Test
  void no_two_reasons_say_the_same() {
    assertThat(Arrays.stream(Reason.values()).map(Reason::english)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(Reason.values()).map(Reason::chinese)).doesNotHaveDuplicates();
  }

  /** The table of ISO 20022 external status reason codes, row by row. */
  @ParameterizedTest
  @CsvSource({
    "AC01,ACCOUNT_INVALID,false,MERCHANT",
    "AC03,ACCOUNT_INVALID,false,MERCHANT",
    "AC04,ACCOUNT_CLOSED,false,MERCHANT",
    "AC07,ACCOUNT_CLOSED,false,MERCHANT",
    "AC06,ACCOUNT_FROZEN,false,MERCHANT",
    "AC08,BANK_ID_INVALID,false,MAKER",
    "RC01,BANK_ID_INVALID,false,MAKER",
    "RC04,BANK_ID_INVALID,false,MAKER",
    "AC12,ACCOUNT_TYPE_WRONG,false,MAKER",
    "AC14,ACCOUNT_TYPE_WRONG,false,MAKER",
    "AC15,BINDING_STALE,true,ROUTER",
    "AG01,NOT_ALLOWED,false,OPERATIONS",
    "AG03,NOT_ALLOWED,false,OPERATIONS",
    "AB03,BANK_UNAVAILABLE,true,RAIL",
    "AB05,BANK_UNAVAILABLE,true,RAIL",
    "AB08,BANK_UNAVAILABLE,true,RAIL",
    "AM02,LIMIT_EXCEEDED,true,MERCHANT",
    "AM14,LIMIT_EXCEEDED,true,MERCHANT",
    "AM21,LIMIT_EXCEEDED,true,MERCHANT",
    "AM04,SOURCE_UNFUNDED,true,TREASURY",
    "AM05,DUPLICATE,false,OPERATIONS",
    "DUPL,DUPLICATE,false,OPERATIONS",
    "AM09,AMOUNT_MISMATCH,false,OPERATIONS",
    "BE01,NAME_MISMATCH,false,MERCHANT",
    "BE06,ACCOUNT_UNKNOWN,false,MERCHANT",
    "ED05,SETTLEMENT_FAILED,true,RAIL",
    "FR01,COMPLIANCE,false,COMPLIANCE",
    "RR04,COMPLIANCE,false,COMPLIANCE",
    "MS02,UNSPECIFIED,false,OPERATIONS",
    "MS03,UNSPECIFIED,false,OPERATIONS",
    "NARR,UNSPECIFIED,false,OPERATIONS",
    "NOCM,ACCOUNT_DORMANT,false,MERCHANT",
    "TM01,AFTER_CUTOFF,true,ROUTER"
  })
  void each_iso_status_reason_means_one_of_ours(
      String code, Reason reason, boolean retryUseful, WhoActs whoActs) {
    assertThat(StatusReasons.of(CodeSet.STATUS, code)).map(Meaning::reason).contains(reason);
    assertThat(reason.retryUseful()).isEqualTo(retryUseful);
    assertThat(reason.whoActs()).isEqualTo(whoActs);
  }

  /** What another account ends is the move of whoever has the application for it. */
  @ParameterizedTest
  @CsvSource({
    "ACCOUNT_RESTRICTED,,MERCHANT",
    "ACCOUNT_RESTRICTED,SUBMITTED,RAIL",
    "ACCOUNT_RESTRICTED,VERIFYING,RAIL",
    "ACCOUNT_RESTRICTED,VERIFIED,CHECKER",
    "ACCOUNT_RESTRICTED,SCHEDULED,ROUTER",
    "VERIFICATION_PENDING,,MAKER",
    "VERIFICATION_PENDING,VERIFYING,RAIL",
    "MERCHANT_HOLD,VERIFIED,OPERATIONS",
    "AT_BANK,VERIFIED,RAIL",
    "QUEUED,SCHEDULED,ROUTER"
  })
  void whose_move_it_is_follows_the_application(
      Reason reason, @Nullable String state, WhoActs whoActs) {
    assertThat(reason.whoActs(NextAccount.of(state, null))).isEqualTo(whoActs);
  }

  @Test
  void every_open_application_is_somebodys_move() {
    for (ChangeState state : ChangeState.values()) {
      if (state.isOpen()) {
        assertThat(NextAccount.of(state.name(), null)).isNotEqualTo(NextAccount.NONE);
      }
    }
  }

  /** AC16 and AC17 stand in the return set alone; a status that names them is a stranger. */
  @ParameterizedTest
  @CsvSource({"AC16", "AC17", "XX99", "''", "ac01"})
  void a_code_outside_the_status_set_has_no_reason(String code) {
    assertThat(StatusReasons.of(CodeSet.STATUS, code)).isEmpty();
  }
}
