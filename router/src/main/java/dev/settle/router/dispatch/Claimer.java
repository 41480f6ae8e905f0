package dev.settle.router.dispatch;

import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.credit.Batch;
import dev.settle.router.dispatch.ClaimPlan.Apart;
import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.dispatch.DispatchStore.Claimed;
import dev.settle.router.explanation.Reason;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.routing.Decision;
import dev.settle.router.routing.Decision.Routed;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Claims recorded batches behind the fence: in one commit they become this node's to send, and the
 * credits whose route has moved on leave them, as do those that are sent apart.
 */
final class Claimer {

  private final DispatchParts parts;
  private final DispatchStore store;
  private final BiConsumer<Batch, Duration> offer;

  /**
   * @param offer takes the batches that credits moved to, each after a pause
   */
  Claimer(DispatchParts parts, BiConsumer<Batch, Duration> offer) {
    this.parts = parts;
    this.store = new DispatchStore(parts.pool(), parts.owner());
    this.offer = offer;
  }

  /**
   * What of a consignment is this node's to send, after the commit that makes it so; of one that
   * was claimed before, what is this node's still.
   *
   * @param slow whether it is of a slow account, and apart already
   */
  Future<Consignment> claim(Rail rail, Consignment consignment, boolean slow) {
    if (!consignment.needsClaim()) {
      return store.owned(consignment).map(consignment::only);
    }
    Map<Long, Apart> apart = apart(rail, consignment, slow);
    return claim(rail, ClaimPlan.decided(consignment, Map.of(), parts.routing(), apart), apart, 1);
  }

  /** The credits that do not go with the others: of slow accounts, and of those paid just now. */
  private Map<Long, Apart> apart(Rail rail, Consignment consignment, boolean slow) {
    boolean spaced = !rail.capabilities().accountSpacing().isZero();
    if (slow && !spaced) {
      return Map.of();
    }
    Map<Long, Apart> apart = new HashMap<>();
    Map<Long, List<Item>> byAccount = new HashMap<>();
    for (Item item : consignment.items()) {
      long account = item.member().accountId();
      if (!slow && parts.health().isSlow(account)) {
        apart.put(item.member().creditId(), new Apart(Reason.ACCOUNT_UNHEALTHY, Duration.ZERO));
      } else if (spaced) {
        byAccount.computeIfAbsent(account, id -> new ArrayList<>()).add(item);
      }
    }
    byAccount.forEach((account, items) -> space(rail, account, items, apart));
    return apart;
  }

  /**
   * Of an account's credits the oldest goes, and where the rail takes them as one transfer, with it
   * those of its batch; if it is the account's turn.
   */
  private void space(Rail rail, long account, List<Item> items, Map<Long, Apart> apart) {
    AccountSpacing spacing = parts.health().spacing(rail);
    items.sort(Comparator.comparingLong(item -> item.member().creditId()));
    Item oldest = items.get(0);
    Duration pause = spacing.enter(account, oldest.member().creditId(), System.nanoTime());
    for (Item item : items) {
      boolean goesAlong =
          item == oldest
              || rail.capabilities().onePerAccount()
                  && item.batch().batchId() == oldest.batch().batchId();
      long credit = item.member().creditId();
      if (!pause.isZero()) {
        apart.put(credit, new Apart(Reason.ACCOUNT_SPACED, pause));
      } else if (!goesAlong) {
        Duration next = spacing.enter(account, credit, System.nanoTime());
        apart.put(credit, new Apart(Reason.ACCOUNT_SPACED, next));
      }
    }
  }

  /**
   * While a rail is out: takes the credits of a consignment to other rails that carry them. Those
   * that none carries stay, in a batch of their own. Whether there were others.
   */
  Future<Boolean> divert(Consignment consignment) {
    Set<String> merchants = new HashSet<>();
    consignment.items().forEach(item -> merchants.add(item.member().merchantId()));
    return parts.bindings().refresh(merchants).compose(fresh -> divert(consignment, fresh));
  }

  private Future<Boolean> divert(Consignment consignment, Map<String, MerchantRoute> fresh) {
    List<Departure> leaving = new ArrayList<>();
    boolean others = false;
    for (Item item : consignment.items()) {
      Decision decision = decide(item, fresh);
      if (decision instanceof Routed routed
          && routed.version() == item.member().version()
          && routed.accountId() == item.member().accountId()) {
        leaving.add(Departure.over(item, routed.rail()));
        others |= !routed.rail().equals(consignment.rail());
      } else {
        leaving.add(Departure.decidedAnew(item, decision));
        others = true;
      }
    }
    if (!others) {
      return Future.succeededFuture(false);
    }
    ClaimPlan plan = new ClaimPlan(consignment, List.of(), leaving);
    return store
        .claim(plan, false)
        .compose(
            claimed -> {
              if (!claimed.stale().isEmpty()) {
                // Decided by a route that is not current any more: the next round reads it anew.
                return Future.succeededFuture(false);
              }
              count(plan, claimed);
              claimed.moved().forEach(batch -> offer.accept(batch, Duration.ZERO));
              return store
                  .settle(consignment.only(claimed.claimed()), List.of(), parts.writer())
                  .map(true);
            });
  }

  private Decision decide(Item item, Map<String, MerchantRoute> fresh) {
    return parts
        .routing()
        .decide(
            fresh.get(item.member().merchantId()),
            item.member().terminalId(),
            item.batch().currency(),
            item.member().amountMinor());
  }

  private Future<Consignment> claim(
      Rail rail, ClaimPlan plan, Map<Long, Apart> apart, int attempt) {
    return store
        .claim(plan, rail.capabilities().onePerAccount())
        .compose(
            claimed -> {
              if (claimed.stale().isEmpty()) {
                return Future.succeededFuture(claimedPart(rail, plan, claimed, apart));
              }
              return attempt < Limits.CLAIM_ATTEMPTS
                  ? claimAnew(rail, plan, claimed.stale(), apart, attempt)
                  : Future.succeededFuture(plan.consignment().only(Set.of()));
            });
  }

  /**
   * The routes of every merchant of the plan that has moved on, in this attempt or an earlier one,
   * are read again.
   */
  private Future<Consignment> claimAnew(
      Rail rail, ClaimPlan plan, Set<String> stale, Map<Long, Apart> apart, int attempt) {
    Set<String> moved = new HashSet<>(stale);
    plan.leaving().forEach(departure -> moved.add(departure.item().member().merchantId()));
    return parts
        .bindings()
        .refresh(moved)
        .compose(
            fresh ->
                claim(
                    rail,
                    ClaimPlan.decided(plan.consignment(), fresh, parts.routing(), apart),
                    apart,
                    attempt + 1));
  }

  private Consignment claimedPart(
      Rail rail, ClaimPlan plan, Claimed claimed, Map<Long, Apart> apart) {
    count(plan, claimed);
    Set<Long> leaving = new HashSet<>();
    Map<Long, Duration> pauses = new HashMap<>();
    for (Departure departure : plan.leaving()) {
      long credit = departure.item().member().creditId();
      leaving.add(credit);
      Apart away = apart.get(credit);
      if (departure.apart() != null && away != null) {
        pauses.put(credit, away.pause());
      }
    }
    claimed.moved().forEach(batch -> offer.accept(batch, pause(batch, pauses)));
    List<Batch> remaining =
        plan.consignment().only(claimed.claimed()).batches().stream()
            .map(
                batch ->
                    batch.claimed(parts.clock().instant(), rail.capabilities().onePerAccount()))
            .map(batch -> without(batch, leaving))
            .toList();
    Consignment sent = plan.consignment().with(remaining);
    if (!rail.capabilities().accountSpacing().isZero()) {
      AccountSpacing spacing = parts.health().spacing(rail);
      sent.items().forEach(item -> spacing.sent(item.member().accountId(), System.nanoTime()));
    }
    return sent;
  }

  /**
   * What leaves because of the spacing comes back when that is over, whenever it left: so the
   * credits of an account gather, and go together the next time or the one after.
   */
  private static Duration pause(Batch moved, Map<Long, Duration> pauses) {
    return pauses.getOrDefault(moved.members().get(0).creditId(), Duration.ZERO);
  }

  private static Batch without(Batch batch, Set<Long> leaving) {
    return leaving.isEmpty()
        ? batch
        : batch.with(
            batch.members().stream().filter(m -> !leaving.contains(m.creditId())).toList());
  }

  private void count(ClaimPlan plan, Claimed claimed) {
    Map<String, Integer> reasons = new HashMap<>();
    int stale = 0;
    for (Departure departure : plan.leaving()) {
      if (claimed.claimed().contains(departure.item().batch().batchId())) {
        reasons.merge(departure.reason().name(), 1, Integer::sum);
        stale += departure.isStale() ? 1 : 0;
      }
    }
    reasons.forEach(parts.metrics()::rerouted);
    parts.metrics().staleCaught(stale);
  }
}
