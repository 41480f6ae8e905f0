package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountVault;
import dev.settle.router.cardchange.DueChanges.Leased;
import dev.settle.router.cardchange.DueChanges.Moved;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.Rails;
import dev.settle.router.rail.Verification;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the bank about accounts that are applied for. A bank that does not answer holds up nothing
 * but its own questions: they are asked again, ever less often, until the application expires.
 */
final class Verifier {

  private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);
  private static final String NO_ANSWER = "The bank gave no answer that can be used.";

  private final DueChanges due;
  private final Rails rails;
  private final AccountVault vault;
  private final CardChangeSettings settings;
  private final CardChangeMetrics metrics;
  private final BiConsumer<Moved, Boolean> moved;
  private final Set<Future<Void>> underWay = new HashSet<>();

  /**
   * @param moved hears where a change went, and whether it was approved by rule on the way
   */
  Verifier(
      DueChanges due,
      Rails rails,
      AccountVault vault,
      CardChangeSettings settings,
      CardChangeMetrics metrics,
      BiConsumer<Moved, Boolean> moved) {
    this.due = due;
    this.rails = rails;
    this.vault = vault;
    this.settings = settings;
    this.metrics = metrics;
    this.moved = moved;
  }

  /** Takes as many as there is room for; done when they are taken. */
  Future<Void> takeMore() {
    int room = Limits.VERIFICATIONS_AT_ONCE - underWay.size();
    return room == 0
        ? Future.succeededFuture()
        : due.lease(room).onSuccess(leased -> leased.forEach(this::begin)).mapEmpty();
  }

  /** Done when what is under way now is through. */
  Future<Void> idle() {
    return Future.join(List.copyOf(underWay)).otherwiseEmpty().mapEmpty();
  }

  private void begin(Leased leased) {
    if (leased.attempt() == 1) {
      metrics.cardChanges(ChangeState.VERIFYING, 1);
    }
    Future<Void> done =
        verify(leased)
            .onFailure(failure -> LOG.warn("a verification was not written down", failure))
            .otherwiseEmpty();
    if (!done.isComplete()) {
      underWay.add(done);
      done.onComplete(through -> underWay.remove(done));
    }
  }

  private Future<Void> verify(Leased leased) {
    return ask(leased)
        .transform(
            answer -> {
              if (answer.failed()) {
                LOG.warn(
                    "{}: the bank gave no answer",
                    ChangeId.text(leased.changeId()),
                    answer.cause());
                return due.unanswered(leased, NO_ANSWER, pause(leased.attempt()));
              }
              return record(leased, Objects.requireNonNull(answer.result()));
            });
  }

  private Future<Verification> ask(Leased leased) {
    Rail rail = rails.verifier();
    if (rail == null) {
      return Future.succeededFuture(Verification.NOT_CHECKED);
    }
    return vault
        .open(Set.of(leased.accountId()))
        .compose(
            payees ->
                rail.verify(
                    Objects.requireNonNull(payees.get(leased.accountId())),
                    settings.testCredit(),
                    ChangeId.text(leased.changeId())));
  }

  private Future<Void> record(Leased leased, Verification verification) {
    boolean approve = settings.autoApproval() && Risk.isLow(leased.facts(), verification);
    return due.record(leased, verification, approve)
        .onSuccess(
            done -> {
              if (done != null) {
                moved.accept(done, approve && !done.state().equals(ChangeState.VERIFIED));
              }
            })
        .mapEmpty();
  }

  /** One second, then twice as long each time. */
  static Duration pause(int attempt) {
    Duration pause = Duration.ofSeconds(1L << Math.min(attempt - 1, 20));
    return pause.compareTo(Limits.VERIFICATION_PAUSE_MAX) < 0
        ? pause
        : Limits.VERIFICATION_PAUSE_MAX;
  }
}
