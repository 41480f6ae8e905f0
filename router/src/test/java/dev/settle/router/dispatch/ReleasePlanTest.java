package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountStatus;
import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.binding.RouteAccount;
import dev.settle.router.dispatch.ReleasePlan.Verdict;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import dev.settle.router.routing.Decision.Routed;
import dev.settle.router.routing.Routing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleasePlanTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  private static final Routing ROUTING =
      new Routing(
          (bank, currency, minor, notBy) -> "sandbox".equals(notBy) ? "reserve" : "sandbox");

  @Test
  void what_was_held_goes_on_by_the_fresh_route() {
    Verdict verdict = decide(held(Reason.ACCOUNT_FROZEN), AccountStatus.ACTIVE, 11);

    assertThat(verdict.route()).isEqualTo(new Routed("sandbox", 11, 5));
    assertThat(verdict.reason()).isEqualTo(Reason.ACCOUNT_FROZEN);
  }

  @Test
  void what_stays_held_has_the_reason_of_now_and_the_version_of_now() {
    Verdict verdict = decide(held(Reason.MERCHANT_HOLD), AccountStatus.CLOSED, 11);

    assertThat(verdict.route()).isNull();
    assertThat(verdict.reason()).isEqualTo(Reason.ACCOUNT_CLOSED);
    assertThat(verdict.version()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "ACCOUNT_FROZEN, 11, true",
    "ACCOUNT_CLOSED, 11, true",
    "NAME_MISMATCH, 11, false",
    "ACCOUNT_INVALID, 11, false",
    "NAME_MISMATCH, 12, true",
    "ACCOUNT_INVALID, 12, true"
  })
  void what_a_bank_refused_goes_on_to_another_account_or_to_one_that_was_made_active_again(
      Reason reason, long account, boolean goesOn) {
    Verdict verdict = decide(rejected(reason), AccountStatus.ACTIVE, account);

    assertThat(verdict.route() != null).isEqualTo(goesOn);
    assertThat(verdict.reason()).isEqualTo(reason);
  }

  @Test
  void what_a_bank_refused_keeps_the_banks_reason_while_it_stays() {
    assertThat(decide(rejected(Reason.NAME_MISMATCH), AccountStatus.FROZEN, 11).reason())
        .isEqualTo(Reason.NAME_MISMATCH);
  }

  @Test
  void a_terminal_of_somebody_else_goes_on_only_by_order() {
    assertThat(decide(ofTerminal("T9", false), AccountStatus.ACTIVE, 11).route()).isNull();
    assertThat(decide(ofTerminal("T9", true), AccountStatus.ACTIVE, 11).route()).isNotNull();
    assertThat(decide(ofTerminal("T9", true), AccountStatus.FROZEN, 11).reason())
        .isEqualTo(Reason.ACCOUNT_FROZEN);
  }

  @Test
  void what_a_bank_refused_goes_on_to_the_same_account_when_its_time_has_come() {
    OpenDeparture due = rejected(Reason.BANK_UNAVAILABLE, 1, true);

    assertThat(decide(due, AccountStatus.ACTIVE, 11).route()).isNotNull();
    Verdict inTheWay = decide(due, AccountStatus.FROZEN, 11);
    assertThat(inTheWay.route()).isNull();
    assertThat(inTheWay.reason()).isEqualTo(Reason.BANK_UNAVAILABLE);
    assertThat(inTheWay.next()).isAfter(NOW);
  }

  @Test
  void what_a_rail_does_not_do_goes_on_over_another() {
    Verdict verdict = decide(rejected(Reason.NOT_ALLOWED, 1, true), AccountStatus.ACTIVE, 11);

    assertThat(verdict.route()).isEqualTo(new Routed("reserve", 11, 5));
  }

  @Test
  void after_so_many_attempts_it_is_a_persons_move() {
    Verdict verdict =
        decide(rejected(Reason.BANK_UNAVAILABLE, Limits.REFUSALS, true), AccountStatus.ACTIVE, 11);

    assertThat(verdict.route()).isNull();
    assertThat(verdict.reason()).isEqualTo(Reason.TOO_MANY_ATTEMPTS);
    assertThat(verdict.next()).isNull();
  }

  @Test
  void after_so_many_attempts_another_account_still_helps() {
    Verdict verdict =
        decide(
            rejected(Reason.TOO_MANY_ATTEMPTS, Limits.REFUSALS, false), AccountStatus.ACTIVE, 12);

    assertThat(verdict.route()).isEqualTo(new Routed("sandbox", 12, 5));
  }

  private static Verdict decide(OpenDeparture departure, AccountStatus status, long account) {
    MerchantRoute route =
        new MerchantRoute(
            "M", 5, false, Set.of("T1"), new RouteAccount(account, "102", status), Map.of());
    return ReleasePlan.decide(List.of(departure), Map.of("M", route), ROUTING, NOW)
        .verdicts()
        .get(0);
  }

  private static OpenDeparture held(Reason reason) {
    return new OpenDeparture(
        1, 1, 1, false, reason, "M", "T1", 100, "CNY", null, null, false, false, 0);
  }

  private static OpenDeparture rejected(Reason reason) {
    return rejected(reason, 1, false);
  }

  private static OpenDeparture rejected(Reason reason, int refusals, boolean again) {
    return new OpenDeparture(
        1, 1, 40, true, reason, "M", "T1", 100, "CNY", "sandbox", 11L, false, again, refusals);
  }

  private static OpenDeparture ofTerminal(String terminal, boolean ordered) {
    return new OpenDeparture(
        1,
        1,
        1,
        false,
        Reason.TERMINAL_MISMATCH,
        "M",
        terminal,
        100,
        "CNY",
        null,
        null,
        ordered,
        false,
        0);
  }
}
