package dev.settle.router.dispatch;

import static java.util.Objects.requireNonNull;

import dev.settle.router.binding.AccountVault;
import dev.settle.router.binding.Bindings;
import dev.settle.router.binding.Payee;
import dev.settle.router.credit.Batch;
import dev.settle.router.dispatch.Consignment.Item;
import dev.settle.router.dispatch.DispatchStore.Claimed;
import dev.settle.router.dispatch.DispatchStore.Refused;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.Rails;
import dev.settle.router.rail.Transfer;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.Rejected;
import dev.settle.router.routing.Routing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes recorded batches to the bank: claim them behind the fence, send them, write the answer.
 * Each of the two writes is one commit for all the batches of a consignment; what is recorded while
 * consignments are under way goes into the next, so the cost of a credit falls as the load grows.
 *
 * <p>Whatever fails leaves the batch where the database says it is, and the {@link Sweep} goes on
 * from there. Belongs to one event loop; there is one for each, and one more for the sweep.
 */
public final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final long IDLE_CHECK_MILLIS = 20;

  private final DispatchStore store;
  private final Bindings bindings;
  private final Routing routing;
  private final AccountVault vault;
  private final Rails rails;
  private final InMemory inMemory;
  private final DispatchMetrics metrics;
  private final int atOnce;
  private final Map<String, Lane> lanes = new HashMap<>();

  /**
   * @param pool of {@link Limits#DISPATCHER_CONNECTIONS}, used by this dispatcher alone
   * @param owner the node's lease id
   * @param writer the name of this event loop's control totals
   * @param atOnce consignments of one rail under way at once, at most {@link
   *     Limits#CONSIGNMENTS_PER_RAIL}; 1 keeps the order in which batches are offered
   */
  public Dispatcher(
      Pool pool,
      long owner,
      String writer,
      Bindings bindings,
      Routing routing,
      AccountVault vault,
      Rails rails,
      InMemory inMemory,
      DispatchMetrics metrics,
      int atOnce) {
    this.store = new DispatchStore(pool, owner, writer);
    this.bindings = bindings;
    this.routing = routing;
    this.vault = vault;
    this.rails = rails;
    this.inMemory = inMemory;
    this.metrics = metrics;
    this.atOnce = atOnce;
  }

  DispatchStore store() {
    return store;
  }

  /**
   * Queues a batch; one that does not fit into the bounded queue stays in the database for the
   * sweep.
   */
  public void offer(Batch batch) {
    Lane lane = lanes.computeIfAbsent(batch.rail(), rail -> new Lane(atOnce, this::move));
    if (lane.hasRoomFor(batch)) {
      inMemory.add(batch.batchId());
      lane.add(batch);
    }
  }

  /** Credits that are queued and not under way yet. */
  int queuedCredits() {
    return lanes.values().stream().mapToInt(Lane::queuedCredits).sum();
  }

  /** Whether nothing is queued or under way. */
  public boolean isIdle() {
    return lanes.values().stream().allMatch(Lane::isIdle);
  }

  /** Done when nothing is queued or under way any more, or after {@link Limits#DRAIN}. */
  public Future<Void> idle(Vertx vertx) {
    return idle(vertx, System.nanoTime() + Limits.DRAIN.toNanos());
  }

  private Future<Void> idle(Vertx vertx, long deadline) {
    if (isIdle() || System.nanoTime() > deadline) {
      return Future.succeededFuture();
    }
    return vertx
        .timer(IDLE_CHECK_MILLIS, TimeUnit.MILLISECONDS)
        .compose(tick -> idle(vertx, deadline));
  }

  private Future<Void> move(Consignment consignment) {
    Rail rail = rails.named(consignment.rail());
    if (rail == null) {
      LOG.warn("rail {} is not configured; its batches wait", consignment.rail());
      return release(consignment);
    }
    Future<Consignment> sendable =
        consignment.needsClaim()
            ? claim(ClaimPlan.asRecorded(consignment), 1)
            : Future.succeededFuture(consignment);
    return sendable
        .compose(claimed -> sendAndSettle(rail, claimed))
        .onFailure(
            failure -> LOG.error("a consignment stopped; the sweep goes on with it", failure))
        .onFailure(failure -> metrics.writeFailed())
        .eventually(() -> release(consignment));
  }

  private Future<Void> release(Consignment consignment) {
    consignment.batches().forEach(batch -> inMemory.remove(batch.batchId()));
    return Future.succeededFuture();
  }

  /** What of the plan is this node's to send, after the commit that makes it so. */
  private Future<Consignment> claim(ClaimPlan plan, int attempt) {
    return store
        .claim(plan)
        .compose(
            claimed -> {
              if (claimed.stale().isEmpty()) {
                return Future.succeededFuture(claimedPart(plan, claimed));
              }
              return attempt < Limits.CLAIM_ATTEMPTS
                  ? claimAnew(plan, claimed.stale(), attempt)
                  : Future.succeededFuture(plan.consignment().only(Set.of()));
            });
  }

  /**
   * The routes of every merchant of the plan that has moved on, in this attempt or an earlier one,
   * are read again.
   */
  private Future<Consignment> claimAnew(ClaimPlan plan, Set<String> stale, int attempt) {
    Set<String> moved = new HashSet<>(stale);
    plan.leaving().forEach(departure -> moved.add(departure.item().member().merchantId()));
    return bindings
        .refresh(moved)
        .compose(
            fresh -> claim(ClaimPlan.decidedAnew(plan.consignment(), fresh, routing), attempt + 1));
  }

  private Consignment claimedPart(ClaimPlan plan, Claimed claimed) {
    count(plan, claimed);
    claimed.rerouted().forEach(this::offer);
    Set<Item> leaving = new HashSet<>();
    plan.leaving().forEach(departure -> leaving.add(departure.item()));
    List<Batch> remaining =
        plan.consignment().only(claimed.claimed()).batches().stream()
            .map(batch -> without(batch, leaving))
            .toList();
    return plan.consignment().with(remaining);
  }

  private void count(ClaimPlan plan, Claimed claimed) {
    Map<String, Integer> reasons = new HashMap<>();
    for (Departure departure : plan.leaving()) {
      if (claimed.claimed().contains(departure.item().batch().batchId())) {
        reasons.merge(ClaimColumns.reasonOf(departure).name(), 1, Integer::sum);
      }
    }
    reasons.forEach(metrics::rerouted);
    metrics.staleCaught(reasons.values().stream().mapToInt(Integer::intValue).sum());
  }

  private static Batch without(Batch batch, Set<Item> leaving) {
    if (leaving.isEmpty()) {
      return batch;
    }
    return new Batch(
        batch.batchId(),
        batch.rail(),
        batch.currency(),
        batch.epoch(),
        batch.state(),
        batch.tries(),
        batch.recordedAt(),
        batch.members().stream().filter(m -> !leaving.contains(new Item(batch, m))).toList());
  }

  private Future<Void> sendAndSettle(Rail rail, Consignment claimed) {
    if (claimed.batches().isEmpty()) {
      return Future.succeededFuture();
    }
    List<Item> items = claimed.items();
    if (items.isEmpty()) {
      return settle(claimed, items, List.of());
    }
    return vault
        .open(accountsOf(items))
        .map(payees -> transfers(items, payees))
        .compose(transfers -> Bulks.send(rail, transfers))
        .transform(
            answer ->
                answer.succeeded()
                    ? settle(claimed, items, answer.result())
                    : doubt(claimed, answer.cause()));
  }

  private static Set<Long> accountsOf(List<Item> items) {
    Set<Long> accounts = new HashSet<>();
    items.forEach(item -> accounts.add(item.member().accountId()));
    return accounts;
  }

  private static List<Transfer> transfers(List<Item> items, Map<Long, Payee> payees) {
    List<Transfer> transfers = new ArrayList<>(items.size());
    for (Item item : items) {
      Payee payee =
          requireNonNull(payees.get(item.member().accountId()), "the vault opens every account");
      transfers.add(
          new Transfer(
              item.member().endToEndId(),
              payee,
              item.member().amountMinor(),
              item.batch().currency()));
    }
    return transfers;
  }

  private Future<Void> doubt(Consignment claimed, Throwable cause) {
    LOG.warn(
        "rail {} gave no clear answer to {} batches: {}",
        claimed.rail(),
        claimed.batches().size(),
        cause.toString());
    metrics.inDoubt(claimed.rail());
    return store.doubt(claimed, Limits.RESEND_PAUSE_MAX);
  }

  private Future<Void> settle(Consignment sent, List<Item> items, List<TransferOutcome> outcomes) {
    List<Refused> refused = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (outcomes.get(i) instanceof Rejected rejected) {
        refused.add(new Refused(items.get(i), rejected));
      }
    }
    return store
        .settle(sent, refused)
        .onSuccess(settled -> count(sent, settled, refused))
        .compose(settled -> closeAccounts(refused));
  }

  /**
   * What a bank says is closed or frozen is so for us, and the next sales are held instead of
   * refused one by one. Lost with a crash, it comes again with the next refusal.
   */
  private Future<Void> closeAccounts(List<Refused> refused) {
    List<Refused> unusable =
        refused.stream().filter(r -> DispatchStore.statusBy(r.outcome().reason()) != null).toList();
    if (unusable.isEmpty()) {
      return Future.succeededFuture();
    }
    return store
        .accountsRefused(unusable)
        .compose(bindings::refresh)
        .onFailure(failure -> LOG.warn("refused accounts stay as they were", failure))
        .onFailure(failure -> metrics.writeFailed())
        .otherwiseEmpty()
        .mapEmpty();
  }

  private void count(Consignment sent, Set<Long> settled, List<Refused> refused) {
    Map<Long, Integer> refusedCredits = new HashMap<>();
    Map<Long, Long> refusedMinor = new HashMap<>();
    for (Refused out : refused) {
      refusedCredits.merge(out.item().batch().batchId(), 1, Integer::sum);
      refusedMinor.merge(
          out.item().batch().batchId(), out.item().member().amountMinor(), Long::sum);
      metrics.rejected(sent.rail(), out.outcome().reason().name(), 1);
    }
    for (Batch batch : sent.only(settled).batches()) {
      long minor = batch.members().stream().mapToLong(member -> member.amountMinor()).sum();
      metrics.posted(
          batch.rail(),
          batch.currency(),
          batch.members().size() - refusedCredits.getOrDefault(batch.batchId(), 0),
          minor - refusedMinor.getOrDefault(batch.batchId(), 0L),
          batch.recordedAt());
    }
  }
}
