package dev.settle.router.dispatch;

import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import dev.settle.router.routing.Decision;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Decision.Routed;
import dev.settle.router.routing.Routing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one release asks for: open departures, each decided anew by a fresh route. Pure. */
record ReleasePlan(List<Verdict> verdicts) {

  /** No route has it: what an operator holds is decided by no route, however new. */
  static final int HELD_VERSION = Integer.MAX_VALUE;

  /**
   * What becomes of a departure.
   *
   * @param route where its credit goes on, or null: it stays open
   * @param reason why it stays open; of one that goes on, why it was
   * @param version the merchant's route version that this was decided by
   * @param next when it is to be looked at again without a new route; null: as it was
   */
  record Verdict(
      OpenDeparture departure,
      @Nullable Routed route,
      Reason reason,
      int version,
      @Nullable Instant next) {}

  /** Decides departures of merchants that all have a route in {@code fresh}. */
  static ReleasePlan decide(
      List<OpenDeparture> departures,
      Map<String, MerchantRoute> fresh,
      Routing routing,
      Instant now) {
    List<Verdict> verdicts = new ArrayList<>(departures.size());
    for (OpenDeparture departure : departures) {
      verdicts.add(verdict(departure, fresh.get(departure.merchantId()), routing, now));
    }
    return new ReleasePlan(verdicts);
  }

  /**
   * Decides one departure by its merchant's route, which is null when nobody knows the merchant.
   */
  static Verdict verdict(
      OpenDeparture departure, @Nullable MerchantRoute fresh, Routing routing, Instant now) {
    if (departure.reason() == Reason.OPERATOR_HOLD) {
      return new Verdict(departure, null, Reason.OPERATOR_HOLD, HELD_VERSION, null);
    }
    Decision decision = decision(departure, fresh, routing);
    if (decision instanceof Routed routed) {
      if (!mayGoOn(departure, routed)) {
        return new Verdict(departure, null, departure.reason(), routed.version(), null);
      }
      return departure.refusals() < Limits.REFUSALS || isToAnother(departure, routed)
          ? new Verdict(departure, routed, departure.reason(), routed.version(), null)
          : new Verdict(departure, null, Reason.TOO_MANY_ATTEMPTS, routed.version(), null);
    }
    Held held = (Held) decision;
    // What the bank said stays the reason; whatever else is in the way may be gone a little later.
    return departure.rejected()
        ? new Verdict(
            departure,
            null,
            departure.reason(),
            held.version(),
            departure.again() && departure.reason() != Reason.NOT_ALLOWED
                ? now.plus(Limits.RETRY_IN_THE_WAY)
                : null)
        : new Verdict(departure, null, held.reason(), held.version(), null);
  }

  private static Decision decision(
      OpenDeparture departure, @Nullable MerchantRoute fresh, Routing routing) {
    String terminal = departure.terminalId();
    String currency = departure.currency();
    long minor = departure.amountMinor();
    String notBy = departure.reason() == Reason.NOT_ALLOWED ? departure.rail() : null;
    return departure.ordered()
        ? routing.decideByOrder(fresh, terminal, currency, minor, notBy)
        : routing.decide(fresh, terminal, currency, minor, notBy);
  }

  /** What was tried too often ends with another account, which people have named. */
  private static boolean isToAnother(OpenDeparture departure, Routed routed) {
    Long before = departure.accountId();
    return before != null && before != routed.accountId();
  }

  /**
   * What a bank refused or returned goes on to another account; to the same, when it was for its
   * status, because then somebody has set the account active again, and when the time to try again
   * has come.
   */
  private static boolean mayGoOn(OpenDeparture departure, Routed routed) {
    Long refused = departure.accountId();
    return !departure.rejected()
        || departure.again()
        || refused == null
        || refused != routed.accountId()
        || RefusedAccounts.statusBy(departure.reason()) != null;
  }
}
