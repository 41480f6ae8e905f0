package dev.settle.router.dispatch;

import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.credit.BatchMember;
import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.explanation.Reason;
import dev.settle.router.routing.Decision;
import dev.settle.router.routing.Routing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one claim asks for: the credits that stay and are sent, those that leave, and the route
 * versions that all of this was decided by. Pure.
 */
record ClaimPlan(Consignment consignment, List<Item> staying, List<Departure> leaving) {

  /**
   * Why a credit does not go with the others.
   *
   * @param pause until it may go
   */
  record Apart(Reason reason, Duration pause) {}

  /** A merchant's route at a version. */
  record RouteVersion(String merchantId, int version) {}

  /**
   * The plan by fresh routes: a credit whose merchant's version has moved on is decided anew, and
   * leaves its batch even if the new decision is the same account, because what it carries is
   * superseded. Of the others those in {@code apart} leave for a batch of their account's own, for
   * the reason that it gives.
   *
   * @param apart by credit
   * @param fresh routes that were read again; empty: the credits are taken as they were recorded
   */
  static ClaimPlan decided(
      Consignment consignment,
      Map<String, MerchantRoute> fresh,
      Routing routing,
      Map<Long, Apart> apart) {
    List<Item> items = consignment.items();
    if (fresh.isEmpty() && apart.isEmpty()) {
      return new ClaimPlan(consignment, items, List.of());
    }
    List<Item> staying = new ArrayList<>();
    List<Departure> leaving = new ArrayList<>();
    for (Item item : items) {
      BatchMember member = item.member();
      MerchantRoute route = fresh.get(member.merchantId());
      if (route != null && route.version() != member.version()) {
        Decision decision =
            routing.decide(
                route, member.terminalId(), item.batch().currency(), member.amountMinor());
        leaving.add(Departure.decidedAnew(item, decision));
        continue;
      }
      Apart away = apart.get(member.creditId());
      if (away != null) {
        leaving.add(Departure.apart(item, consignment.rail(), away.reason()));
      } else {
        staying.add(item);
      }
    }
    return new ClaimPlan(consignment, staying, leaving);
  }

  /** Every version that must be current for this plan to be right. */
  Set<RouteVersion> versions() {
    Set<RouteVersion> versions = new HashSet<>();
    for (Item item : staying) {
      versions.add(new RouteVersion(item.member().merchantId(), item.member().version()));
    }
    for (Departure departure : leaving) {
      versions.add(
          new RouteVersion(departure.item().member().merchantId(), departure.decision().version()));
    }
    return versions;
  }
}
