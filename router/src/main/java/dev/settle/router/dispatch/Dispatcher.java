package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchState;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.CutOff;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.SendBy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes recorded batches to the bank: claim them behind the fence, send them, write the answer.
 * Each of the two writes is one commit for all the batches of a consignment; what is recorded while
 * consignments are under way goes into the next, so the cost of a credit falls as the load grows.
 *
 * <p>One lane for each rail. While the rail's gate is shut nothing is claimed and the lane waits.
 * An account that a bank is slow with gets a lane of its own, so that it delays no other: a request
 * that is not answered soon, though the bank answers others, makes its accounts suspect and is
 * given up (its outcome is then enquired); each suspect alone shows quickly whether it is the slow
 * one.
 *
 * <p>Whatever fails leaves the batch where the database says it is, and the {@link Sweep} goes on
 * from there. Belongs to one event loop; there is one for each, and more for sweep and release.
 */
public final class Dispatcher {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final long IDLE_CHECK_MILLIS = 20;
  private static final long KNOCK_MILLIS = 100;

  /** Between a rail and a slow account in the name of its lane. */
  private static final char SLOW = '/';

  private final Vertx vertx;
  private final DispatchParts parts;
  private final Claimer claimer;
  private final Carrier carrier;
  private final Settler settler;
  private final DispatchStore store;
  private final int atOnce;
  private final Map<String, Lane> lanes = new HashMap<>();
  private boolean knocking;
  private int waiting;

  /**
   * @param atOnce consignments of one rail under way at once, at most {@link
   *     Limits#CONSIGNMENTS_PER_RAIL}; 1 keeps the order in which batches are offered
   */
  public Dispatcher(Vertx vertx, DispatchParts parts, int atOnce) {
    this.vertx = vertx;
    this.parts = parts;
    this.claimer = new Claimer(parts, this::offerAfter);
    this.carrier = new Carrier(parts.vault(), parts.health(), parts.clock());
    this.settler = new Settler(parts);
    this.store = new DispatchStore(parts.pool(), parts.owner());
    this.atOnce = atOnce;
  }

  /**
   * Queues a batch; one that does not fit into the bounded queue stays in the database for the
   * sweep, and so does one whose rail people have stopped, until they let it go on.
   *
   * @return whether it fits
   */
  public boolean offer(Batch batch) {
    if (batch.state() == BatchState.RECORDED
        && parts.rails().stops().keeps(batch.rail(), batch.batchId())) {
      parts.inMemory().remove(batch.batchId());
      return true;
    }
    return queue(batch);
  }

  /**
   * Queues a batch whatever this node has heard of orders about its rail: the database has let it
   * through, and knows which newer batches a rail that drains sends all the same. The claim looks
   * again.
   *
   * @return whether it fits; if not, it stays in the database for the sweep
   */
  boolean offerLetThrough(Batch batch) {
    return queue(batch);
  }

  private boolean queue(Batch batch) {
    Lane lane = laneOf(batch);
    boolean fits = lane.hasRoomFor(batch);
    if (fits) {
      parts.inMemory().add(batch.batchId());
      lane.add(batch);
    } else {
      parts.inMemory().remove(batch.batchId());
    }
    return fits;
  }

  /**
   * Takes what has left a batch that was claimed: where its rail is stopped, the database knows
   * whether that is on its way all the same. What does not fit into the lane, and those that wait
   * beyond so many as a queue holds, are left to the sweep, in nobody's hands.
   */
  private void offerAfter(Batch batch, Duration pause) {
    if (pause.isZero()) {
      queue(batch);
    } else if (waiting < Limits.DISPATCH_QUEUE_BATCHES) {
      waiting++;
      parts.inMemory().add(batch.batchId());
      after(
          pause,
          () -> {
            waiting--;
            queue(batch);
          });
    }
  }

  private Lane laneOf(Batch batch) {
    Long slow = slowAccountOf(batch);
    if (slow == null) {
      return lanes.computeIfAbsent(
          batch.rail(),
          rail ->
              new Lane(
                  new Pace(Limits.FIRST_PACE, atOnce),
                  new Gathering(Limits.GATHERING, this::after),
                  () -> mayStart(rail),
                  this::move,
                  this::knockLater,
                  false));
    }
    String name = batch.rail() + SLOW + slow;
    if (!lanes.containsKey(name)) {
      lanes.entrySet().removeIf(e -> isOfSlow(e.getKey()) && e.getValue().isIdle());
    }
    return lanes.computeIfAbsent(
        name,
        key ->
            new Lane(
                new Pace(1, 1),
                Gathering.none(),
                () -> mayStartSlow(batch.rail()),
                this::moveSlow,
                this::knockLater,
                true));
  }

  private void after(Duration pause, Runnable run) {
    vertx.setTimer(pause.toMillis() + 1, tick -> run.run());
  }

  /** The account that all its credits go to, if that is slow, or null. */
  private @Nullable Long slowAccountOf(Batch batch) {
    if (batch.members().isEmpty()) {
      return null;
    }
    long first = batch.members().get(0).accountId();
    return parts.health().isSlow(first)
            && batch.members().stream().allMatch(member -> member.accountId() == first)
        ? first
        : null;
  }

  private boolean mayStart(String name) {
    Rail rail = parts.rails().named(name);
    return rail == null
        || mayDivert(rail)
        || isInHours(rail) && parts.rails().gate(rail).tryEnter();
  }

  private boolean isInHours(Rail rail) {
    CutOff cutOff = rail.capabilities().cutOff();
    return cutOff == null || cutOff.isOpen(parts.clock().instant());
  }

  /** Whether the rail is out and others might take what waits for it. */
  private boolean mayDivert(Rail rail) {
    return parts.rails().gate(rail).isOut() && parts.rails().hasOther(rail);
  }

  /** By no permission of the gate: its few probes are for those who answer soon. */
  private boolean mayStartSlow(String name) {
    Rail rail = parts.rails().named(name);
    return (rail == null || mayDivert(rail) || isInHours(rail) && !parts.rails().gate(rail).isOut())
        && parts.health().tryEnter();
  }

  /**
   * While a lane waits for a gate or a turn, it knocks; nothing else would wake it. Who waits
   * longest comes first.
   */
  private void knockLater() {
    if (!knocking) {
      knocking = true;
      vertx.setTimer(
          KNOCK_MILLIS,
          tick -> {
            knocking = false;
            long now = System.nanoTime();
            List<Lane> waiting = new ArrayList<>(lanes.values());
            waiting.sort(Comparator.comparingLong(lane -> lane.waitsSince() - now));
            waiting.forEach(Lane::start);
          });
    }
  }

  /** Credits that are queued and not under way yet, and could be. */
  int queuedCredits() {
    return ordinary().mapToInt(Lane::queuedCredits).sum();
  }

  /** Whether nothing is queued or under way but what waits for a bank. */
  boolean isFree() {
    return ordinary().allMatch(Lane::isIdle);
  }

  /** The rails that take nothing now, being out with no other to stand in, or after their hours. */
  Set<String> shut() {
    Set<String> shut = new HashSet<>(parts.rails().out());
    parts.rails().all().stream()
        .filter(rail -> !isInHours(rail))
        .map(Rail::name)
        .forEach(shut::add);
    return shut;
  }

  /** Neither of slow accounts nor of rails that are shut, for which nobody else waits. */
  private Stream<Lane> ordinary() {
    Set<String> shut = shut();
    return lanes.entrySet().stream()
        .filter(e -> !isOfSlow(e.getKey()) && !shut.contains(e.getKey()))
        .map(Map.Entry::getValue);
  }

  private static boolean isOfSlow(String lane) {
    return lane.indexOf(SLOW) >= 0;
  }

  /** Whether nothing is queued or under way. */
  public boolean isIdle() {
    return lanes.values().stream().allMatch(Lane::isIdle);
  }

  /** Done when nothing is queued or under way any more, or after {@link Limits#DRAIN}. */
  public Future<Void> idle() {
    return idle(System.nanoTime() + Limits.DRAIN.toNanos());
  }

  private Future<Void> idle(long deadline) {
    if (isIdle() || System.nanoTime() > deadline) {
      return Future.succeededFuture();
    }
    return vertx.timer(IDLE_CHECK_MILLIS, TimeUnit.MILLISECONDS).compose(tick -> idle(deadline));
  }

  private Future<Boolean> moveSlow(Consignment consignment) {
    return Future.succeededFuture()
        .compose(start -> move(consignment, true))
        .eventually(
            () -> {
              parts.health().leave();
              return Future.succeededFuture();
            });
  }

  private Future<Boolean> move(Consignment consignment) {
    return move(consignment, false);
  }

  private Future<Boolean> move(Consignment consignment, boolean slow) {
    Rail rail = parts.rails().named(consignment.rail());
    if (rail == null) {
      LOG.warn("rail {} is not configured; its batches wait", consignment.rail());
      return release(consignment).map(true);
    }
    if (mayDivert(rail)) {
      return consignment.needsClaim() ? divert(consignment) : wait(consignment);
    }
    Visit visit =
        new Visit(vertx, parts.health(), parts.rails().gate(rail), slow, consignment.needsClaim());
    SendBy by = SendBy.of(rail.capabilities(), visit.givenUp());
    return Future.succeededFuture()
        .compose(start -> claimer.claim(rail, consignment, slow))
        .compose(claimed -> carryAndSettle(rail, claimed, visit, by))
        .onFailure(
            failure -> LOG.error("a consignment stopped; the sweep goes on with it", failure))
        .onFailure(failure -> parts.metrics().writeFailed())
        .eventually(() -> release(consignment))
        .onComplete(done -> visit.leave());
  }

  /** What no other rail carries waits a little longer than a knock. */
  private Future<Boolean> divert(Consignment consignment) {
    return Future.succeededFuture()
        .compose(start -> claimer.divert(consignment))
        .compose(
            diverted ->
                diverted
                    ? Future.succeededFuture()
                    : store.putOff(consignment.batches(), Limits.DIVERT_PAUSE))
        .onFailure(failure -> LOG.error("credits could not be diverted", failure))
        .eventually(() -> release(consignment))
        .map(true);
  }

  /** What was sent over a rail that is out is for that bank alone to tell of. */
  private Future<Boolean> wait(Consignment consignment) {
    return store
        .putOff(consignment.batches(), Limits.DIVERT_PAUSE)
        .eventually(() -> release(consignment))
        .map(true);
  }

  private Future<Void> release(Consignment consignment) {
    consignment.batches().forEach(batch -> parts.inMemory().remove(batch.batchId()));
    return Future.succeededFuture();
  }

  private Future<Boolean> carryAndSettle(Rail rail, Consignment claimed, Visit visit, SendBy by) {
    if (claimed.batches().isEmpty()) {
      return Future.succeededFuture(true);
    }
    List<Parcel> parcels = Parcel.of(claimed);
    if (parcels.isEmpty()) {
      return settler.settle(rail, claimed, parcels, List.of()).map(true);
    }
    Set<Long> accounts = new HashSet<>();
    parcels.forEach(parcel -> accounts.add(parcel.accountId()));
    return visit
        .answerOf(carrier.carry(rail, claimed, parcels, by), accounts, rail)
        .transform(
            answer ->
                answer.succeeded()
                    ? settler.settle(rail, claimed, parcels, answer.result()).map(true)
                    : settler.doubt(rail, claimed, parcels, answer.cause()).map(false));
  }
}
