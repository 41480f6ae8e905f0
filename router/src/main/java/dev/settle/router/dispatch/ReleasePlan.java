package dev.settle.router.dispatch;

import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.explanation.Reason;
import dev.settle.router.routing.Decision;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Decision.Routed;
import dev.settle.router.routing.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one release asks for: open departures, each decided anew by a fresh route. Pure. */
record ReleasePlan(List<Verdict> verdicts) {

  /**
   * What becomes of a departure.
   *
   * @param route where its credit goes on, or null: it stays open
   * @param reason why it stays open; of one that goes on, why it was
   * @param version the merchant's route version that this was decided by
   */
  record Verdict(OpenDeparture departure, @Nullable Routed route, Reason reason, int version) {}

  /** Decides departures of merchants that all have a route in {@code fresh}. */
  static ReleasePlan decide(
      List<OpenDeparture> departures, Map<String, MerchantRoute> fresh, Routing routing) {
    List<Verdict> verdicts = new ArrayList<>(departures.size());
    for (OpenDeparture departure : departures) {
      verdicts.add(verdict(departure, fresh.get(departure.merchantId()), routing));
    }
    return new ReleasePlan(verdicts);
  }

  private static Verdict verdict(
      OpenDeparture departure, @Nullable MerchantRoute fresh, Routing routing) {
    Decision decision =
        departure.ordered()
            ? routing.decideByOrder(fresh, departure.terminalId(), departure.currency())
            : routing.decide(fresh, departure.terminalId(), departure.currency());
    if (decision instanceof Routed routed) {
      return new Verdict(
          departure,
          mayGoOn(departure, routed) ? routed : null,
          departure.reason(),
          routed.version());
    }
    Held held = (Held) decision;
    Reason reason = departure.rejected() ? departure.reason() : held.reason();
    return new Verdict(departure, null, reason, held.version());
  }

  /**
   * What a bank refused goes on to another account; or to the same, when the refusal was for its
   * status, because then somebody has set the account active again.
   */
  private static boolean mayGoOn(OpenDeparture departure, Routed routed) {
    Long refused = departure.accountId();
    return !departure.rejected()
        || refused == null
        || refused != routed.accountId()
        || DispatchStore.statusBy(departure.reason()) != null;
  }
}
