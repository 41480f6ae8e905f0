package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountStatus;
import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.binding.RouteAccount;
import dev.settle.router.credit.ExceptionAction;
import dev.settle.router.dispatch.OrderedPlan.Named;
import dev.settle.router.dispatch.OrderedPlan.Ordered;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import dev.settle.router.routing.Decision.Routed;
import dev.settle.router.routing.Routing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderedPlanTest {

  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final long ACCOUNT = 11;

  @Test
  void a_release_sends_to_the_same_account_what_the_router_would_not() {
    OpenDeparture refused = rejected(Reason.NAME_MISMATCH, 1);
    assertThat(
            ReleasePlan.verdict(refused, route(AccountStatus.ACTIVE, ACCOUNT), both(), NOW).route())
        .isNull();

    Ordered ordered = release(refused, AccountStatus.ACTIVE);

    assertThat(ordered.verdict().route()).isEqualTo(new Routed("sandbox", ACCOUNT, 5));
    assertThat(ordered.outcome()).isEqualTo(OrderedPlan.DONE);
  }

  @Test
  void a_release_goes_on_after_however_many_refusals() {
    assertThat(
            release(rejected(Reason.TOO_MANY_ATTEMPTS, Limits.REFUSALS), AccountStatus.ACTIVE)
                .verdict()
                .route())
        .isNotNull();
  }

  @Test
  void no_order_sends_to_an_account_that_may_not_receive() {
    for (AccountStatus status : AccountStatus.values()) {
      if (status != AccountStatus.ACTIVE) {
        Ordered ordered = release(rejected(Reason.UNSPECIFIED, 1), status);
        assertThat(ordered.verdict().route()).as(status.name()).isNull();
        assertThat(ordered.verdict().reason()).isEqualTo(Reason.UNSPECIFIED);
        assertThat(ordered.outcome()).isNotEqualTo(OrderedPlan.DONE);
      }
    }
  }

  @Test
  void a_release_answers_for_the_terminal() {
    Ordered ordered = release(held(Reason.TERMINAL_MISMATCH, "T9"), AccountStatus.ACTIVE);

    assertThat(ordered.verdict().route()).isNotNull();
  }

  @Test
  void the_end_of_a_hold_answers_for_nothing_else() {
    Named terminal = byOperator(held(Reason.TERMINAL_MISMATCH, "T9"), null);
    assertThat(
            decide(ExceptionAction.RELEASE, terminal, AccountStatus.ACTIVE, ACCOUNT, both())
                .outcome())
        .isEqualTo("TERMINAL_MISMATCH");
    Instant tomorrow = NOW.plusSeconds(86_400);
    Named refused = byOperator(rejected(Reason.LIMIT_EXCEEDED, 1), tomorrow);
    Ordered ordered =
        decide(ExceptionAction.RELEASE, refused, AccountStatus.ACTIVE, ACCOUNT, both());
    assertThat(ordered.verdict().route()).isNull();
    assertThat(ordered.verdict().next())
        .as("its turn comes as before the hold")
        .isEqualTo(tomorrow);
    Named frozen = byOperator(held(Reason.ACCOUNT_FROZEN, "T1"), null);
    assertThat(
            decide(ExceptionAction.RELEASE, frozen, AccountStatus.ACTIVE, ACCOUNT, both())
                .outcome())
        .isEqualTo(OrderedPlan.DONE);
  }

  @Test
  void a_reroute_never_repeats_what_failed() {
    Named refused = named(rejected(Reason.UNSPECIFIED, 1));
    assertThat(
            decide(ExceptionAction.REROUTE, refused, AccountStatus.ACTIVE, ACCOUNT, both())
                .verdict()
                .route())
        .isEqualTo(new Routed("reserve", ACCOUNT, 5));
    assertThat(
            decide(ExceptionAction.REROUTE, refused, AccountStatus.ACTIVE, 12, both())
                .verdict()
                .route())
        .isEqualTo(new Routed("sandbox", 12, 5));
    Ordered none = decide(ExceptionAction.REROUTE, refused, AccountStatus.ACTIVE, ACCOUNT, alone());
    assertThat(none.verdict().route()).isNull();
    assertThat(none.outcome()).isEqualTo(OrderedPlan.NO_OTHER_WAY);
    assertThat(
            decide(ExceptionAction.REROUTE, refused, AccountStatus.FROZEN, ACCOUNT, both())
                .outcome())
        .isEqualTo("ACCOUNT_FROZEN");
  }

  @Test
  void the_router_lets_nothing_go_that_an_operator_holds() {
    OpenDeparture held = held(Reason.OPERATOR_HOLD, "T1");

    var verdict = ReleasePlan.verdict(held, route(AccountStatus.ACTIVE, ACCOUNT), both(), NOW);

    assertThat(verdict.route()).isNull();
    assertThat(verdict.reason()).isEqualTo(Reason.OPERATOR_HOLD);
    assertThat(verdict.version()).isEqualTo(Integer.MAX_VALUE);
  }

  private static Ordered release(OpenDeparture departure, AccountStatus status) {
    return decide(ExceptionAction.RELEASE, named(departure), status, ACCOUNT, both());
  }

  private static Ordered decide(
      ExceptionAction action, Named named, AccountStatus status, long account, Routing routing) {
    return OrderedPlan.decide(
            action, List.of(named), Map.of("M", route(status, account)), routing, NOW)
        .ordered()
        .get(0);
  }

  private static Routing both() {
    return new Routing(
        (bank, currency, minor, notBy) -> "sandbox".equals(notBy) ? "reserve" : "sandbox");
  }

  private static Routing alone() {
    return new Routing(
        (bank, currency, minor, notBy) -> "sandbox".equals(notBy) ? null : "sandbox");
  }

  private static MerchantRoute route(AccountStatus status, long account) {
    return new MerchantRoute(
        "M", 5, false, Set.of("T1"), new RouteAccount(account, "102", status), Map.of());
  }

  private static Named named(OpenDeparture departure) {
    return new Named(departure, departure.reason().name(), null);
  }

  private static Named byOperator(OpenDeparture departure, @Nullable Instant next) {
    return new Named(departure, Reason.OPERATOR_HOLD.name(), next);
  }

  private static OpenDeparture held(Reason reason, String terminal) {
    return new OpenDeparture(
        1, 1, 1, false, reason, "M", terminal, 100, "CNY", null, null, false, false, 0);
  }

  private static OpenDeparture rejected(Reason reason, int refusals) {
    return new OpenDeparture(
        1, 1, 1, true, reason, "M", "T1", 100, "CNY", "sandbox", ACCOUNT, false, false, refusals);
  }
}
