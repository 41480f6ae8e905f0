package dev.settle.router.dispatch;

import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.credit.ExceptionAction;
import dev.settle.router.dispatch.ReleasePlan.Verdict;
import dev.settle.router.explanation.Reason;
import dev.settle.router.routing.Decision;
import dev.settle.router.routing.Decision.Held;
import dev.settle.router.routing.Decision.Routed;
import dev.settle.router.routing.Routing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one step of an operator's order asks for: departures that are to go on by a fresh route,
 * where the order lets more go on than the router would by itself. Pure.
 */
record OrderedPlan(List<Ordered> ordered) {

  /** What an order did: the credit went on. */
  static final String DONE = "DONE";

  /** There is no other account and no other rail than those that failed. */
  static final String NO_OTHER_WAY = "NO_OTHER_WAY";

  /**
   * A departure that an order names.
   *
   * @param was what it says it is open for; {@code departure} has the reason from before an
   *     operator held it
   * @param next when the router would have tried it again, had no operator held it
   */
  record Named(OpenDeparture departure, String was, @Nullable Instant next) {

    boolean heldByOperator() {
      return was.equals(Reason.OPERATOR_HOLD.name());
    }
  }

  /**
   * What becomes of it.
   *
   * @param outcome {@link #DONE}, or why it stays
   */
  record Ordered(Named named, Verdict verdict, String outcome) {}

  /** Decides by the routes as they are now; a merchant without one is unknown. */
  static OrderedPlan decide(
      ExceptionAction action,
      List<Named> named,
      Map<String, MerchantRoute> fresh,
      Routing routing,
      Instant now) {
    return new OrderedPlan(
        named.stream()
            .map(one -> decide(action, one, fresh.get(one.departure().merchantId()), routing, now))
            .toList());
  }

  private static Ordered decide(
      ExceptionAction action,
      Named named,
      @Nullable MerchantRoute fresh,
      Routing routing,
      Instant now) {
    if (action == ExceptionAction.REROUTE) {
      return reroute(named, fresh, routing);
    }
    return named.heldByOperator()
        ? endOfHold(named, fresh, routing, now)
        : again(named, fresh, routing);
  }

  /** Nobody answers for more than the hold: the rest is as the router decides by itself. */
  private static Ordered endOfHold(
      Named named, @Nullable MerchantRoute fresh, Routing routing, Instant now) {
    Verdict verdict = ReleasePlan.verdict(named.departure(), fresh, routing, now);
    if (verdict.route() != null) {
      return new Ordered(named, verdict, DONE);
    }
    Instant next = verdict.next() == null ? named.next() : verdict.next();
    return new Ordered(
        named,
        new Verdict(verdict.departure(), null, verdict.reason(), verdict.version(), next),
        verdict.reason().name());
  }

  /** The operator answers for the terminal, and that the bank takes now what it refused. */
  private static Ordered again(Named named, @Nullable MerchantRoute fresh, Routing routing) {
    OpenDeparture departure = named.departure();
    boolean anyTerminal = departure.ordered() || departure.reason() == Reason.TERMINAL_MISMATCH;
    return ordered(named, decision(departure, anyTerminal, fresh, routing, null));
  }

  private static Ordered reroute(Named named, @Nullable MerchantRoute fresh, Routing routing) {
    OpenDeparture departure = named.departure();
    Long failed = departure.accountId();
    Decision first = decision(departure, departure.ordered(), fresh, routing, null);
    if (failed == null || !(first instanceof Routed routed) || routed.accountId() != failed) {
      return ordered(named, first);
    }
    Decision other = decision(departure, departure.ordered(), fresh, routing, departure.rail());
    return other instanceof Routed
        ? ordered(named, other)
        : new Ordered(named, stays(departure, departure.reason(), first.version()), NO_OTHER_WAY);
  }

  private static Decision decision(
      OpenDeparture departure,
      boolean anyTerminal,
      @Nullable MerchantRoute fresh,
      Routing routing,
      @Nullable String notBy) {
    String terminal = departure.terminalId();
    String currency = departure.currency();
    long minor = departure.amountMinor();
    return anyTerminal
        ? routing.decideByOrder(fresh, terminal, currency, minor, notBy)
        : routing.decide(fresh, terminal, currency, minor, notBy);
  }

  private static Ordered ordered(Named named, Decision decision) {
    OpenDeparture departure = named.departure();
    if (decision instanceof Routed routed) {
      return new Ordered(
          named, new Verdict(departure, routed, departure.reason(), routed.version(), null), DONE);
    }
    Held held = (Held) decision;
    // What the bank said stays the reason.
    Reason reason = departure.rejected() ? departure.reason() : held.reason();
    return new Ordered(named, stays(departure, reason, held.version()), held.reason().name());
  }

  private static Verdict stays(OpenDeparture departure, Reason reason, int version) {
    return new Verdict(departure, null, reason, version, null);
  }
}
