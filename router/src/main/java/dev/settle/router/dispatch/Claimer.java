package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.dispatch.DispatchStore.Claimed;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Claims recorded batches behind the fence: in one commit they become this node's to send, and the
 * credits whose route has moved on leave them, as do those that are sent apart.
 */
final class Claimer {

  private final DispatchParts parts;
  private final DispatchStore store;
  private final Consumer<Batch> offer;

  /**
   * @param offer takes the batches that credits moved to
   */
  Claimer(DispatchParts parts, Consumer<Batch> offer) {
    this.parts = parts;
    this.store = new DispatchStore(parts.pool(), parts.owner());
    this.offer = offer;
  }

  /**
   * What of a consignment is this node's to send, after the commit that makes it so; one that was
   * claimed before as it is.
   *
   * @param slow whether it is of a slow account, and apart already
   */
  Future<Consignment> claim(Rail rail, Consignment consignment, boolean slow) {
    if (!consignment.needsClaim()) {
      return Future.succeededFuture(consignment);
    }
    Set<Long> apart = new HashSet<>();
    if (!slow) {
      consignment
          .items()
          .forEach(
              item -> {
                if (parts.health().isSlow(item.member().accountId())) {
                  apart.add(item.member().accountId());
                }
              });
    }
    return claim(rail, ClaimPlan.decided(consignment, Map.of(), parts.routing(), apart), apart, 1);
  }

  private Future<Consignment> claim(Rail rail, ClaimPlan plan, Set<Long> apart, int attempt) {
    return store
        .claim(plan, rail.capabilities().onePerAccount())
        .compose(
            claimed -> {
              if (claimed.stale().isEmpty()) {
                return Future.succeededFuture(claimedPart(rail, plan, claimed));
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
      Rail rail, ClaimPlan plan, Set<String> stale, Set<Long> apart, int attempt) {
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

  private Consignment claimedPart(Rail rail, ClaimPlan plan, Claimed claimed) {
    count(plan, claimed);
    claimed.moved().forEach(offer);
    Set<Item> leaving = new HashSet<>();
    plan.leaving().forEach(departure -> leaving.add(departure.item()));
    List<Batch> remaining =
        plan.consignment().only(claimed.claimed()).batches().stream()
            .map(batch -> batch.claimed(parts.clock().instant(), rail.capabilities().onePerAccount()))
            .map(batch -> without(batch, leaving))
            .toList();
    return plan.consignment().with(remaining);
  }

  private static Batch without(Batch batch, Set<Item> leaving) {
    if (leaving.isEmpty()) {
      return batch;
    }
    Set<Long> left = new HashSet<>();
    leaving.forEach(item -> left.add(item.member().creditId()));
    return batch.with(batch.members().stream().filter(m -> !left.contains(m.creditId())).toList());
  }

  private void count(ClaimPlan plan, Claimed claimed) {
    Map<String, Integer> reasons = new HashMap<>();
    int stale = 0;
    for (Departure departure : plan.leaving()) {
      if (claimed.claimed().contains(departure.item().batch().batchId())) {
        reasons.merge(departure.reason().name(), 1, Integer::sum);
        stale += departure.isApart() ? 0 : 1;
      }
    }
    reasons.forEach(parts.metrics()::rerouted);
    parts.metrics().staleCaught(stale);
  }
}
