package dev.settle.router.dispatch;

import dev.settle.router.credit.Batch;
import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The bounded queue of one rail, or of one slow account, and how many of its consignments are under
 * way. Belongs to one event loop.
 */
final class Lane {

  private final Pace pace;
  private final Gathering gathering;
  private final BooleanSupplier mayStart;
  private final Function<Consignment, Future<Boolean>> move;
  private final Runnable shut;
  private final boolean yields;
  private long waitsSince = System.nanoTime();
  private final ArrayDeque<Batch> queue = new ArrayDeque<>();
  private int queuedCredits;
  private final BitSet underWay = new BitSet();

  /**
   * @param pace how many consignments may be under way at once
   * @param gathering how soon one may follow another
   * @param mayStart asked before each consignment; takes a permission where it says yes
   * @param move moves one; whether the bank answered it in time
   * @param shut told when something could be under way and does not start: nobody else will start
   *     it
   * @param yields whether it never starts by itself, so that those who waited longer come first
   */
  Lane(
      Pace pace,
      Gathering gathering,
      BooleanSupplier mayStart,
      Function<Consignment, Future<Boolean>> move,
      Runnable shut,
      boolean yields) {
    this.pace = pace;
    this.gathering = gathering;
    this.mayStart = mayStart;
    this.move = move;
    this.shut = shut;
    this.yields = yields;
  }

  boolean hasRoomFor(Batch batch) {
    return queue.size() < Limits.DISPATCH_QUEUE_BATCHES
        && queuedCredits + batch.members().size() <= Limits.DISPATCH_QUEUE_CREDITS;
  }

  void add(Batch batch) {
    if (isIdle()) {
      waitsSince = System.nanoTime();
    }
    queue.add(batch);
    queuedCredits += batch.members().size();
    if (!yields) {
      start();
    } else if (isWaiting()) {
      shut.run();
    }
  }

  /** Credits that are not under way yet. */
  int queuedCredits() {
    return queuedCredits;
  }

  boolean isIdle() {
    return underWay.isEmpty() && queue.isEmpty();
  }

  /** Whether something waits that could be under way. */
  boolean isWaiting() {
    return !queue.isEmpty() && underWay.cardinality() < pace.atOnce();
  }

  /** Since when ({@link System#nanoTime}) what it has waits for a turn. */
  long waitsSince() {
    return waitsSince;
  }

  /** Starts what may start; called again by whoever finds that more may. */
  void start() {
    while (isWaiting()) {
      long now = System.nanoTime();
      if (!gathering.isOver(queuedCredits, queue.size(), now, this::start)) {
        return;
      }
      if (!mayStart.getAsBoolean()) {
        shut.run();
        return;
      }
      gathering.started(now);
      int slot = underWay.nextClearBit(0);
      underWay.set(slot);
      Consignment taken = take(slot);
      boolean more = !queue.isEmpty();
      // Inside a future, so that what move throws ends its consignment and not the lane.
      Future.succeededFuture(taken)
          .compose(move)
          .onComplete(
              done -> {
                underWay.clear(slot);
                pace.ended(done.succeeded() && done.result(), more);
                waitsSince = System.nanoTime();
                if (!yields) {
                  start();
                } else if (isWaiting()) {
                  shut.run();
                }
              });
    }
  }

  /**
   * As many batches as one consignment may hold, of one currency, and all to be claimed or none.
   */
  private Consignment take(int slot) {
    List<Batch> taken = new ArrayList<>();
    Batch first = queue.element();
    int credits = 0;
    for (Batch next = first;
        next != null && fits(next, first, taken.size(), credits);
        next = queue.peek()) {
      taken.add(queue.remove());
      credits += next.members().size();
    }
    queuedCredits -= credits;
    return new Consignment(first.rail(), first.currency(), slot, taken);
  }

  private static boolean fits(Batch next, Batch first, int batches, int credits) {
    return batches == 0
        || (batches < Limits.CONSIGNMENT_BATCHES
            && credits + next.members().size() <= Limits.CONSIGNMENT_CREDITS
            && next.currency().equals(first.currency())
            && next.state() == first.state());
  }
}
