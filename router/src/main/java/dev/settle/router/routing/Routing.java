package dev.settle.router.routing;

import dev.settle.router.binding.AccountStatus;
import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.binding.RouteAccount;
import dev.settle.router.explanation.Reason;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Decision.Routed;
import org.jspecify.annotations.Nullable;

/**
 * The decision where a credit goes: a ladder of reasons to hold, in this order, and the route if
 * none applies. The same route and the same usable rails give the same answer, when a sale is
 * accepted and again when it is claimed.
 */
public final class Routing {

  private final RailChoice rails;

  public Routing(RailChoice rails) {
    this.rails = rails;
  }

  /**
   * Decides for a sale of {@code terminalId}.
   *
   * @param route the merchant's, or null when nobody knows the merchant
   * @param currency ISO 4217
   * @param amountMinor in minor units
   */
  public Decision decide(
      @Nullable MerchantRoute route, String terminalId, String currency, long amountMinor) {
    return decide(route, terminalId, currency, amountMinor, null);
  }

  /**
   * As above, for a credit that a rail has refused for what the rail is.
   *
   * @param notBy that rail, or null
   */
  public Decision decide(
      @Nullable MerchantRoute route,
      String terminalId,
      String currency,
      long amountMinor,
      @Nullable String notBy) {
    if (route != null && !route.terminals().contains(terminalId)) {
      return new Held(Reason.TERMINAL_MISMATCH, route.version());
    }
    return decideByOrder(route, terminalId, currency, amountMinor, notBy);
  }

  /**
   * Decides for a sale of a terminal that need not be the merchant's, because an operator ordered
   * so, or that is known to be; the rest of the ladder is the same.
   *
   * @param notBy a rail that has refused it for what the rail is, or null
   */
  public Decision decideByOrder(
      @Nullable MerchantRoute route,
      String terminalId,
      String currency,
      long amountMinor,
      @Nullable String notBy) {
    if (route == null) {
      return new Held(Reason.UNKNOWN_MERCHANT, 0);
    }
    int version = route.version();
    if (route.onHold()) {
      return new Held(Reason.MERCHANT_HOLD, version);
    }
    RouteAccount account = route.accountFor(terminalId);
    if (account == null) {
      return new Held(Reason.NO_BINDING, version);
    }
    if (account.status() != AccountStatus.ACTIVE) {
      return new Held(reasonOf(account.status()), version);
    }
    String rail = rails.railFor(account.bank(), currency, amountMinor, notBy);
    if (rail == null) {
      return new Held(Reason.RAIL_UNAVAILABLE, version);
    }
    return new Routed(rail, account.accountId(), version);
  }

  private static Reason reasonOf(AccountStatus status) {
    return switch (status) {
      case RESTRICTED -> Reason.ACCOUNT_RESTRICTED;
      case FROZEN -> Reason.ACCOUNT_FROZEN;
      case CLOSED -> Reason.ACCOUNT_CLOSED;
      case UNVERIFIED -> Reason.VERIFICATION_PENDING;
      case ACTIVE -> throw new IllegalArgumentException("an active account may receive");
    };
  }
}
