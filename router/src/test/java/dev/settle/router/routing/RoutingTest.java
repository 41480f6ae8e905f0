package dev.settle.router.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountStatus;
import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.binding.RouteAccount;
import dev.settle.router.explanation.Reason;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Decision.Routed;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingTest {

  private static final RouteAccount GOOD = new RouteAccount(11, "102", AccountStatus.ACTIVE);
  private static final RouteAccount OTHER = new RouteAccount(12, "103", AccountStatus.ACTIVE);

  private final Routing routing =
      new Routing((bank, currency, minor, notBy) -> currency.equals("CNY") ? "rail-" + bank : null);

  @Test
  void an_unknown_merchant_is_held_without_a_version() {
    assertThat(routing.decide(null, "T1", "CNY", 100))
        .isEqualTo(new Held(Reason.UNKNOWN_MERCHANT, 0));
  }

  @Test
  void a_good_route_goes_to_the_account_over_the_rail_of_its_bank() {
    assertThat(routing.decide(route(false, GOOD), "T1", "CNY", 100))
        .isEqualTo(new Routed("rail-102", 11, 7));
  }

  @Test
  void a_terminal_of_another_merchant_is_flagged_and_not_paid() {
    assertThat(routing.decide(route(false, GOOD), "T9", "CNY", 100))
        .isEqualTo(new Held(Reason.TERMINAL_MISMATCH, 7));
  }

  @Test
  void a_merchant_on_hold_is_held() {
    assertThat(routing.decide(route(true, GOOD), "T1", "CNY", 100))
        .isEqualTo(new Held(Reason.MERCHANT_HOLD, 7));
  }

  @Test
  void a_merchant_without_an_account_is_held() {
    assertThat(routing.decide(route(false, null), "T1", "CNY", 100))
        .isEqualTo(new Held(Reason.NO_BINDING, 7));
  }

  @ParameterizedTest
  @CsvSource({
    "RESTRICTED,ACCOUNT_RESTRICTED",
    "FROZEN,ACCOUNT_FROZEN",
    "CLOSED,ACCOUNT_CLOSED",
    "UNVERIFIED,VERIFICATION_PENDING"
  })
  void an_account_that_may_not_receive_is_held_with_its_reason(
      AccountStatus status, Reason reason) {
    assertThat(routing.decide(route(false, new RouteAccount(11, "102", status)), "T1", "CNY", 100))
        .isEqualTo(new Held(reason, 7));
  }

  @Test
  void a_currency_that_no_rail_carries_is_held() {
    assertThat(routing.decide(route(false, GOOD), "T1", "USD", 100))
        .isEqualTo(new Held(Reason.RAIL_UNAVAILABLE, 7));
  }

  @Test
  void a_terminal_with_an_account_of_its_own_is_paid_there() {
    MerchantRoute route =
        new MerchantRoute("M1", 7, false, Set.of("T1", "T2"), GOOD, Map.of("T2", OTHER));
    assertThat(routing.decide(route, "T1", "CNY", 100)).isEqualTo(new Routed("rail-102", 11, 7));
    assertThat(routing.decide(route, "T2", "CNY", 100)).isEqualTo(new Routed("rail-103", 12, 7));
  }

  @Test
  void of_several_reasons_the_first_of_the_ladder_is_named() {
    RouteAccount closed = new RouteAccount(11, "102", AccountStatus.CLOSED);
    assertThat(routing.decide(route(true, closed), "T9", "USD", 100))
        .isEqualTo(new Held(Reason.TERMINAL_MISMATCH, 7));
    assertThat(routing.decide(route(true, closed), "T1", "USD", 100))
        .isEqualTo(new Held(Reason.MERCHANT_HOLD, 7));
    assertThat(routing.decide(route(false, closed), "T1", "USD", 100))
        .isEqualTo(new Held(Reason.ACCOUNT_CLOSED, 7));
  }

  private static MerchantRoute route(boolean onHold, RouteAccount account) {
    return new MerchantRoute("M1", 7, onHold, Set.of("T1"), account, Map.of());
  }
}
