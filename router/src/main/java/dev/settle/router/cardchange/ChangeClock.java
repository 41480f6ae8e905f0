package dev.settle.router.cardchange;

import dev.settle.router.binding.AccountVault;
import dev.settle.router.binding.Bindings;
import dev.settle.router.cardchange.DueChanges.Activated;
import dev.settle.router.cardchange.DueChanges.Moved;
import dev.settle.router.platform.CardChangeSettings;
import dev.settle.router.platform.Limits;
import dev.settle.router.rail.Rails;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves card changes that wait for no person: verifies them with the bank, puts them into force
 * when their time has come, ends those that nobody decided. Every node runs one; the database says
 * which node moves what.
 */
public final class ChangeClock {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeClock.class);

  private final Vertx vertx;
  private final DueChanges due;
  private final Bindings bindings;
  private final CardChangeMetrics metrics;
  private final Verifier verifier;
  private final Task verify = new Task("verifying");
  private final Task activate = new Task("putting into force");
  private final Task expire = new Task("ending");
  private long timer;

  /** To be used on one event loop. */
  public ChangeClock(
      Vertx vertx,
      CardChangeStore store,
      Rails rails,
      AccountVault vault,
      Bindings bindings,
      CardChangeSettings settings,
      CardChangeMetrics metrics) {
    this.vertx = vertx;
    this.due = store.due();
    this.bindings = bindings;
    this.metrics = metrics;
    this.verifier = new Verifier(due, rails, vault, settings, metrics, this::moved);
  }

  public void start() {
    timer = vertx.setPeriodic(Limits.CARD_CHANGE_EVERY.toMillis(), tick -> look());
  }

  /**
   * Stops looking; done when what is under way is through, or after half of {@link Limits#DRAIN}.
   */
  public Future<Void> stop() {
    vertx.cancelTimer(timer);
    return Future.join(List.of(verify.last, activate.last, expire.last, verifier.idle()))
        .timeout(Limits.DRAIN.toMillis() / 2, TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .mapEmpty();
  }

  private void look() {
    verify.run(verifier::takeMore);
    activate.run(() -> activateUpTo(Limits.CARD_CHANGES_AT_ONCE));
    expire.run(
        () ->
            due.expire()
                .onSuccess(ended -> metrics.cardChanges(ChangeState.EXPIRED, ended))
                .mapEmpty());
  }

  /** One commit for each: they lock different merchants. */
  private Future<Void> activateUpTo(int most) {
    if (most == 0) {
      return Future.succeededFuture();
    }
    return due.activateNext()
        .compose(
            next -> {
              if (next == null) {
                return Future.succeededFuture();
              }
              activated(next);
              return activateUpTo(most - 1);
            });
  }

  private void activated(Activated change) {
    if (change.moved() == null) {
      LOG.error(
          "{} could not be put into force, for the {}th time (SQLSTATE {}); it is tried again later",
          ChangeId.text(change.changeId()),
          change.tries(),
          change.fault());
    } else {
      moved(change.moved(), false);
    }
  }

  /** Counts a move, and tells the cluster of a new route; that is a hint, which may fail. */
  private void moved(Moved moved, boolean approved) {
    if (approved) {
      metrics.cardChanges(ChangeState.APPROVED, 1);
    }
    metrics.cardChanges(moved.state(), 1);
    metrics.cardChanges(ChangeState.SUPERSEDED, moved.superseded());
    if (moved.state() == ChangeState.EFFECTIVE) {
      bindings.announce(moved.merchantId());
    }
  }

  /** Work that is done again and again, never twice at once. */
  private static final class Task {
    private final String name;
    private @Nullable Future<Void> running;
    private Future<Void> last = Future.succeededFuture();

    Task(String name) {
      this.name = name;
    }

    void run(Supplier<Future<Void>> work) {
      if (running != null) {
        return;
      }
      last =
          Future.succeededFuture()
              .compose(start -> work.get())
              .onFailure(
                  failure ->
                      LOG.warn("{} card changes failed; the next look tries again", name, failure))
              .otherwiseEmpty()
              .onComplete(done -> running = null);
      running = last.isComplete() ? null : last;
    }
  }
}
