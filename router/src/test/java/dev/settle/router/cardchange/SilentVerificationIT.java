package dev.settle.router.cardchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.CrookedBank;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A bank that takes questions about accounts and never answers them. */
@ExtendWith(InvariantsHold.class)
class SilentVerificationIT {

  private static final int APPLICATIONS = 20;
  private static final int SALES = 40;

  @Test
  void sales_go_on_being_posted_while_no_verification_is_answered(World world) throws Exception {
    CrookedBank bank = world.crookedBank();
    Api api = world.startNode(2, bank.address());
    world.onboard(api, APPLICATIONS);
    bank.neverAnswersVerifications();
    for (int merchant = 1; merchant <= APPLICATIONS; merchant++) {
      Applications.submitted(api, merchant, Applications.of(merchant, Applications.card(merchant)));
    }
    Awaitility.await("the bank has been asked").until(() -> bank.unansweredVerifications() >= 4);

    for (int sale = 1; sale <= SALES; sale++) {
      assertThat(api.sell(Documents.saleJson(1 + sale % APPLICATIONS, sale)).status())
          .isEqualTo(201);
    }
    world.settle();

    assertThat(world.booked()).hasSize(SALES);
    assertThat(count(world, "last_error IS NOT NULL"))
        .as("verifications that had to be given up before the sales were posted")
        .isZero();
    bank.cutVerifications();
  }

  private static long count(World world, String where) throws Exception {
    return world.queryLong("SELECT count(*) FROM card_change WHERE " + where);
  }
}
