package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountStatus;
import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.binding.RouteAccount;
import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchMember;
import dev.settle.router.dispatch.ClaimPlan.RouteVersion;
import dev.settle.router.explanation.Reason;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Decision.Routed;
import dev.settle.router.routing.Routing;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaimPlanTest {

  private static final Routing ROUTING = new Routing((bank, currency, minor, notBy) -> "sandbox");

  private final Consignment consignment =
      consignment(batch(1, member(11, "A", 1), member(12, "B", 1)), batch(2, member(21, "A", 1)));

  @Test
  void as_recorded_all_stay_by_the_versions_they_carry() {
    ClaimPlan plan = ClaimPlan.decided(consignment, Map.of(), ROUTING, Map.of());

    assertThat(plan.staying()).hasSize(3);
    assertThat(plan.leaving()).isEmpty();
    assertThat(plan.versions())
        .containsExactlyInAnyOrder(new RouteVersion("A", 1), new RouteVersion("B", 1));
  }

  @Test
  void a_moved_merchants_credits_leave_and_nobody_elses() {
    ClaimPlan plan =
        ClaimPlan.decided(
            consignment, Map.of("A", route("A", 2, 500, AccountStatus.ACTIVE)), ROUTING, Map.of());

    assertThat(plan.leaving())
        .extracting(d -> d.item().member().creditId())
        .containsExactly(11L, 21L);
    assertThat(plan.leaving())
        .extracting(Departure::decision)
        .containsOnly(new Routed("sandbox", 500, 2));
    assertThat(plan.staying()).extracting(i -> i.member().creditId()).containsExactly(12L);
    assertThat(plan.versions())
        .containsExactlyInAnyOrder(new RouteVersion("A", 2), new RouteVersion("B", 1));
  }

  @Test
  void a_credit_whose_account_is_the_same_by_the_new_version_leaves_all_the_same() {
    ClaimPlan plan =
        ClaimPlan.decided(
            consignment, Map.of("A", route("A", 2, 100, AccountStatus.ACTIVE)), ROUTING, Map.of());

    assertThat(plan.leaving()).hasSize(2);
  }

  @Test
  void a_credit_decided_by_a_version_that_never_was_is_decided_anew() {
    Consignment poisoned = consignment(batch(1, member(11, "A", 999)));

    ClaimPlan plan =
        ClaimPlan.decided(
            poisoned, Map.of("A", route("A", 1, 100, AccountStatus.ACTIVE)), ROUTING, Map.of());

    assertThat(plan.versions()).containsExactly(new RouteVersion("A", 1));
    assertThat(plan.leaving()).hasSize(1);
  }

  @Test
  void what_may_not_receive_is_held_by_the_version_that_says_so() {
    ClaimPlan plan =
        ClaimPlan.decided(
            consignment, Map.of("A", route("A", 2, 100, AccountStatus.FROZEN)), ROUTING, Map.of());

    assertThat(plan.leaving())
        .extracting(Departure::decision)
        .containsOnly(new Held(Reason.ACCOUNT_FROZEN, 2));
    assertThat(plan.leaving().get(0).reason()).isEqualTo(Reason.ACCOUNT_FROZEN);
    assertThat(new ClaimColumns(plan).groups()).isEmpty();
  }

  @Test
  void what_leaves_for_one_rail_and_currency_goes_into_one_new_batch() {
    ClaimPlan plan =
        ClaimPlan.decided(
            consignment,
            Map.of(
                "A", route("A", 2, 500, AccountStatus.ACTIVE),
                "B", route("B", 3, 600, AccountStatus.ACTIVE)),
            ROUTING,
            Map.of());
    ClaimColumns columns = new ClaimColumns(plan);

    assertThat(columns.groups()).containsExactly(new ClaimColumns.Group("sandbox", "CNY", null));
    assertThat(columns.departuresTo(0)).hasSize(3);
    assertThat(plan.leaving().get(0).reason()).isEqualTo(Reason.BINDING_SUPERSEDED);
  }

  @Test
  void what_goes_to_a_slow_account_leaves_for_a_batch_of_that_account() {
    Map<Long, ClaimPlan.Apart> apart = new HashMap<>();
    consignment
        .items()
        .forEach(
            item ->
                apart.put(
                    item.member().creditId(),
                    new ClaimPlan.Apart(Reason.ACCOUNT_UNHEALTHY, Duration.ZERO)));

    ClaimPlan plan = ClaimPlan.decided(consignment, Map.of(), ROUTING, apart);

    assertThat(plan.staying()).isEmpty();
    assertThat(plan.leaving()).extracting(Departure::reason).containsOnly(Reason.ACCOUNT_UNHEALTHY);
    assertThat(plan.leaving())
        .extracting(Departure::decision)
        .containsOnly(new Routed("sandbox", 100, 1));
    assertThat(new ClaimColumns(plan).groups())
        .containsExactly(new ClaimColumns.Group("sandbox", "CNY", 100L));
  }

  private static Consignment consignment(Batch... batches) {
    return new Consignment("sandbox", "CNY", 0, List.of(batches));
  }

  private static Batch batch(long id, BatchMember... members) {
    return Batch.recorded(id, "sandbox", "CNY", Instant.EPOCH, Arrays.asList(members));
  }

  private static BatchMember member(long creditId, String merchant, int version) {
    return new BatchMember(creditId, 1, merchant, "T", 100, 100, version);
  }

  private static MerchantRoute route(
      String merchant, int version, long account, AccountStatus status) {
    return new MerchantRoute(
        merchant, version, false, Set.of("T"), new RouteAccount(account, "102", status), Map.of());
  }
}
