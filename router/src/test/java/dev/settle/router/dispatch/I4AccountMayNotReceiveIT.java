package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.Role;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.invariant.Invariant;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BreaksInvariants;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(InvariantsHold.class)
class I4AccountMayNotReceiveIT {

  /** Of a race that a node wins now and then. */
  private static final int TRIES = 30;

  private static final int MERCHANTS = 4;

  private static final String CLAIMS_OF_ACCOUNT =
      """
      SELECT count(*) FROM credit c
      JOIN credit_batch b ON b.batch_id = c.credit_id >> 12
      WHERE c.account_id = %d AND b.claim_no IS NOT NULL
        AND NOT EXISTS (SELECT FROM credit_exception e WHERE e.credit_id = c.credit_id AND e.exception_no = 1)
      """;

  @Test
  void once_a_freeze_has_answered_no_later_claim_uses_the_account(World world) throws Exception {
    long seed = Seeds.of(this);
    Random random = new Random(seed);
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, MERCHANTS);
    long[] accounts = new long[MERCHANTS + 1];
    for (int m = 1; m <= MERCHANTS; m++) {
      accounts[m] = world.accountOf(m);
    }
    Traffic traffic = Traffic.start(List.of(one, two), MERCHANTS, 3, 5, seed);

    for (int freeze = 0; freeze < 60; freeze++) {
      long account = accounts[1 + random.nextInt(MERCHANTS)];
      setStatus(world, account, AccountStatus.FROZEN);
      long claimed = world.queryLong(CLAIMS_OF_ACCOUNT.formatted(account));
      Thread.sleep(random.nextInt(40));
      assertThat(world.queryLong(CLAIMS_OF_ACCOUNT.formatted(account)))
          .as("claims for a frozen account")
          .isEqualTo(claimed);
      setStatus(world, account, AccountStatus.ACTIVE);
    }
    traffic.stop();
    world.settle();

    assertThat(
            world.queryLong(
                "SELECT count(*) FROM credit_exception WHERE reason = 'ACCOUNT_FROZEN'"))
        .as("credits held")
        .isPositive();
    Awaitility.await("what was held is posted after the last thaw")
        .until(() -> world.booked().size() == traffic.sales());
  }

  @ParameterizedTest
  @CsvSource({
    "FROZEN, ACCOUNT_FROZEN",
    "RESTRICTED, ACCOUNT_RESTRICTED",
    "CLOSED, ACCOUNT_CLOSED",
    "UNVERIFIED, VERIFICATION_PENDING"
  })
  void a_sale_of_an_account_that_may_not_receive_is_accepted_and_held_with_its_reason(
      AccountStatus status, String reason, World world) throws Exception {
    Api told = world.startNode();
    Api stale = world.startNode();
    world.onboard(told, TRIES);

    // One node routes by what it remembers and is caught at the fence, the other asks the database.
    // Where it heard of the status before the sale, another merchant is tried.
    int merchant = 0;
    Api.Answer caught;
    do {
      merchant++;
      stale.sell(Documents.saleJson(merchant, 1));
      world.settle();
      setStatus(world, world.accountOf(merchant), status);
      caught = stale.sell(Documents.saleJson(merchant, 2));
    } while (merchant < TRIES && caught.json().path("status").asText().equals("HELD"));
    world.settle();
    Api.Answer held = stale.sell(Documents.saleJson(merchant, 3));

    assertThat(caught.status()).isEqualTo(201);
    assertThat(caught.json().path("status").asText()).isEqualTo("UNPOSTED");
    assertThat(held.status()).isEqualTo(201);
    assertThat(held.json().path("status").asText()).isEqualTo("HELD");
    assertThat(held.json().path("reason").asText()).isEqualTo(reason);
    for (Api.Answer sale : List.of(caught, held)) {
      JsonNode credit =
          told.get("/v1/credits/" + sale.json().path("creditId").asText(), Role.AUDITOR).json();
      assertThat(credit.path("status").asText()).isEqualTo("HELD");
      assertThat(credit.path("reason").asText()).isEqualTo(reason);
      assertThat(credit.path("postedMinor").asLong()).isZero();
      assertThat(credit.path("history").findValuesAsText("fact"))
          .containsExactly("RECORDED", "HELD");
    }
    assertThat(world.booked()).hasSize(merchant);
  }

  @Test
  void a_sale_is_not_held_for_a_freeze_that_is_over_because_a_cache_was_not_told(World world)
      throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    setStatus(world, world.accountOf(1), AccountStatus.FROZEN);
    assertThat(api.sell(Documents.saleJson(1, 1)).json().path("status").asText()).isEqualTo("HELD");
    setStatus(world, world.accountOf(1), AccountStatus.ACTIVE);

    Api.Answer answer = api.sell(Documents.saleJson(1, 2));

    assertThat(answer.json().path("status").asText()).isEqualTo("UNPOSTED");
    world.settle();
    assertThat(world.booked()).hasSize(1);
  }

  @Test
  @BreaksInvariants
  void without_the_fence_the_check_turns_red(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    api.sell(Documents.saleJson(1, 1));
    world.settle();
    world.execute(
        world
            .queryText("SELECT pg_get_functiondef('claim_batches'::regproc)")
            .replace("WHERE m.route_version IS DISTINCT FROM p.version", "WHERE false"));

    // A node that hears of the freeze before the sale holds it without a fence.
    for (int n = 2; n < 2 + TRIES && world.verify().holds(Invariant.I4); n++) {
      setStatus(world, world.accountOf(1), AccountStatus.FROZEN);
      api.sell(Documents.saleJson(1, n));
      world.settle();
      setStatus(world, world.accountOf(1), AccountStatus.ACTIVE);
    }

    assertThat(world.verify().holds(Invariant.I4)).isFalse();
  }

  private static void setStatus(World world, long account, AccountStatus status) throws Exception {
    World.await(world.bindings().setStatus(account, status, "test", "test"));
  }
}
