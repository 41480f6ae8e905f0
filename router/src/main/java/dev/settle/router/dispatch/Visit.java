package dev.settle.router.dispatch;

import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailGate;
import dev.settle.router.rail.SendBy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One visit to a rail: what is learned by it of the rail, and of the accounts. Belongs to one event
 * loop.
 */
final class Visit {
  private final Vertx vertx;
  private final AccountHealth health;
  private final RailGate gate;
  private final boolean slow;
  private final boolean sends;
  private final Promise<Void> givenUp = Promise.promise();
  private boolean left;
  private long timer = -1;

  /**
   * @param slow whether it is of a slow account alone
   * @param sends whether transfers are sent, and not enquired first
   */
  Visit(Vertx vertx, AccountHealth health, RailGate gate, boolean slow, boolean sends) {
    this.vertx = vertx;
    this.health = health;
    this.gate = gate;
    this.slow = slow;
    this.sends = sends;
  }

  /** Done when the answer is waited for no longer. */
  Future<Void> givenUp() {
    return givenUp.future();
  }

  /** The answer, or a failure when it takes too long though the rail answers others. */
  <T> Future<T> answerOf(Future<T> asked, Set<Long> accounts, Rail rail) {
    long start = System.nanoTime();
    Promise<T> first = Promise.promise();
    boolean mayGiveUp =
        !slow && (rail.capabilities().enquiry() || rail.capabilities().idempotentResend());
    if (mayGiveUp) {
      watch(first, start, accounts, false);
    }
    // Whoever was given up may answer later.
    asked.onComplete(
        first::tryComplete, lost -> first.tryFail(isGivenUp() ? slowAnswer(accounts) : lost));
    return first
        .future()
        .onComplete(
            answer -> {
              vertx.cancelTimer(timer);
              learn(answer.succeeded() ? null : answer.cause(), start, accounts);
            });
  }

  /**
   * A bank or a node that pauses is late with everybody, and whose answer comes first afterwards
   * says nothing of the others: a request is given up when one that was sent after it has been
   * answered, and it has not, from one look to the next.
   *
   * @param overtaken whether that was so at the look before
   */
  private <T> void watch(Promise<T> first, long start, Set<Long> accounts, boolean overtaken) {
    // One look after another: after a pause of ours no two come at once.
    timer =
        vertx.setTimer(
            Limits.SLOW_ANSWER_LOOKS.toMillis(),
            tick -> {
              if (overtaken && System.nanoTime() - start >= Limits.SLOW_ANSWER.toNanos()) {
                giveUp(first, accounts);
              } else {
                watch(first, start, accounts, gate.answeredOneSentAfter(start));
              }
            });
  }

  private <T> void giveUp(Promise<T> first, Set<Long> accounts) {
    if (sends) {
      health.unanswered(accounts);
    }
    // Cut off, it may still tell of what it was answered before.
    givenUp.tryComplete();
    vertx.runOnContext(then -> first.tryFail(slowAnswer(accounts)));
  }

  /** Of an enquiry it says nothing of the accounts, and one transfer may be the cause. */
  private RuntimeException slowAnswer(Set<Long> accounts) {
    SlowAnswer slowly = new SlowAnswer(accounts.size());
    return sends ? slowly : new Carrier.Unanswered(slowly);
  }

  private boolean isGivenUp() {
    return givenUp.future().isComplete();
  }

  private void learn(@Nullable Throwable failure, long start, Set<Long> accounts) {
    long took = System.nanoTime() - start;
    left = true;
    if (failure == null) {
      gate.answered(took);
      // A bank may answer at once what it is asked, and a transfer half a minute late.
      if (slow && sends && took < Limits.SLOW_ANSWER.toNanos()) {
        accounts.forEach(health::answered);
      }
    } else if (isOfTheRail(failure, took, start)) {
      gate.failed(took, failure);
    } else if (!slow) {
      gate.left();
    }
  }

  /**
   * A bank that does not answer what it is asked may take transfers all the same; and a slow
   * account's silence is its own, unless it is cut short while nobody else is answered.
   */
  private boolean isOfTheRail(Throwable failure, long took, long start) {
    return sends
        && !(failure instanceof Carrier.Unsent
            || failure instanceof SlowAnswer
            || failure instanceof SendBy.TooLate)
        && (!slow || took < Limits.SLOW_ANSWER.toNanos() && !gate.answeredSince(start));
  }

  /** When the rail was not visited after all. */
  void leave() {
    if (!left && !slow) {
      gate.left();
    }
  }

  /** The bank answers others, and not this. */
  private static final class SlowAnswer extends RuntimeException {
    SlowAnswer(int accounts) {
      super(
          "no answer within "
              + Limits.SLOW_ANSWER.toMillis()
              + " ms, while others are answered; "
              + accounts
              + " accounts are sent apart",
          null,
          false,
          false);
    }
  }
}
