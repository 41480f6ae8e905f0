package dev.settle.router.cardchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.rail.Verification;
import dev.settle.router.rail.Verification.NameMatch;
import dev.settle.router.rail.Verification.TestCredit;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RiskTest {

  private static final Verification MATCH = new Verification(NameMatch.MATCH, null);

  @Test
  void a_full_match_of_the_same_owner_without_a_recent_change_is_low() {
    assertThat(Risk.isLow(facts(ChangeReason.NEW_CARD), MATCH)).isTrue();
    assertThat(
            Risk.isLow(
                facts(ChangeReason.NEW_CARD),
                new Verification(NameMatch.MATCH, new TestCredit("T1", true, null))))
        .isTrue();
  }

  @Test
  void anything_less_than_a_full_match_is_for_a_person() {
    for (NameMatch match : NameMatch.values()) {
      assertThat(Risk.isLow(facts(ChangeReason.NEW_CARD), new Verification(match, null)))
          .isEqualTo(match == NameMatch.MATCH);
    }
    var returned = new Verification(NameMatch.MATCH, new TestCredit(null, false, "AC04"));
    assertThat(Risk.isLow(facts(ChangeReason.NEW_CARD), returned)).isFalse();
  }

  @Test
  void lost_stolen_and_handed_over_are_for_a_person() {
    for (ChangeReason reason : ChangeReason.values()) {
      boolean risky =
          Set.of(ChangeReason.LOST_CARD, ChangeReason.STOLEN_CARD, ChangeReason.OWNER_CHANGED)
              .contains(reason);
      assertThat(Risk.isLow(facts(reason), MATCH)).as(reason.name()).isEqualTo(!risky);
    }
  }

  @Test
  void another_owner_a_recent_change_or_a_maker_named_router_is_for_a_person() {
    assertThat(Risk.isLow(new Risk.Facts(ChangeReason.NEW_CARD, "m", false, false), MATCH))
        .isFalse();
    assertThat(Risk.isLow(new Risk.Facts(ChangeReason.NEW_CARD, "m", true, true), MATCH)).isFalse();
    assertThat(Risk.isLow(new Risk.Facts(ChangeReason.NEW_CARD, Risk.ROUTER, true, false), MATCH))
        .isFalse();
  }

  private static Risk.Facts facts(ChangeReason reason) {
    return new Risk.Facts(reason, "maker-1", true, false);
  }
}
