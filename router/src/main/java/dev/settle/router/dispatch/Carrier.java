package dev.settle.router.dispatch;

import dev.settle.router.binding.AccountVault;
import dev.settle.router.binding.Payee;
import dev.settle.router.credit.BatchState;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.SendBy;
import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.NotReceived;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings a claimed consignment before the bank and finds out what became of each parcel.
 *
 * <p>What was just claimed is sent. What was claimed before, by this node or by one that died, may
 * have been paid: the bank is asked. What it never received is sent again under the same ids where
 * it executes those once; where not, it is given up once that is final, and the credit goes on as a
 * new attempt.
 */
final class Carrier {

  private final AccountVault vault;
  private final AccountHealth health;
  private final Clock clock;

  Carrier(AccountVault vault, AccountHealth health, Clock clock) {
    this.vault = vault;
    this.health = health;
    this.clock = clock;
  }

  /**
   * What was found out of each parcel, in their order. A failed future means nothing: nobody knows
   * of any.
   */
  Future<List<TransferOutcome>> carry(
      Rail rail, Consignment consignment, List<Parcel> parcels, SendBy by) {
    boolean fresh = consignment.batches().get(0).state() == BatchState.RECORDED;
    if (fresh) {
      return send(rail, parcels, by);
    }
    if (rail.capabilities().enquiry()) {
      return Bulks.enquire(rail, parcels)
          .recover(lost -> Future.failedFuture(new Unanswered(lost)))
          .compose(outcomes -> goOn(rail, parcels, outcomes, by));
    }
    return rail.capabilities().idempotentResend()
        ? send(rail, parcels, by)
        : Future.succeededFuture(Collections.nCopies(parcels.size(), TransferOutcome.UNCLEAR));
  }

  /** The bank did not say what became of any. */
  static final class Unanswered extends RuntimeException {
    Unanswered(Throwable cause) {
      super("an enquiry was not answered: " + cause, cause, false, false);
    }
  }

  /** Nothing was sent, and the bank has nothing to do with it. */
  static final class Unsent extends RuntimeException {
    Unsent(Throwable cause) {
      super("nothing was sent: " + cause, cause, false, false);
    }
  }

  /** After an enquiry: what the bank never received is sent, or given up, or waits. */
  private Future<List<TransferOutcome>> goOn(
      Rail rail, List<Parcel> parcels, List<TransferOutcome> outcomes, SendBy by) {
    List<TransferOutcome> known = new ArrayList<>(outcomes);
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof NotReceived) {
        missing.add(i);
      }
    }
    if (missing.isEmpty()) {
      return Future.succeededFuture(known);
    }
    if (rail.capabilities().idempotentResend()) {
      return send(rail, missing.stream().map(parcels::get).toList(), by)
          .map(
              again -> {
                for (int i = 0; i < again.size(); i++) {
                  known.set(missing.get(i), again.get(i));
                }
                return known;
              })
          // What the bank said of the others holds all the same.
          .recover(
              lost ->
                  missing.size() < known.size()
                      ? Future.succeededFuture(known)
                      : Future.failedFuture(lost));
    }
    for (int i : missing) {
      if (isFinal(rail.capabilities(), parcels.get(i).items().get(0).batch().claimedAt(), clock)) {
        known.set(i, TransferOutcome.NEVER_RECEIVED);
      }
    }
    return Future.succeededFuture(known);
  }

  /** Whether a bank that has not received by now what was sent then, never will. */
  static boolean isFinal(RailCapabilities rail, @Nullable Instant sentAt, Clock clock) {
    return sentAt != null && sentAt.plus(rail.neverReceivedAfter()).isBefore(clock.instant());
  }

  private Future<List<TransferOutcome>> send(Rail rail, List<Parcel> parcels, SendBy by) {
    Set<Long> accounts = new HashSet<>();
    parcels.forEach(parcel -> accounts.add(parcel.accountId()));
    return vault
        .open(accounts)
        .recover(unread -> Future.failedFuture(new Unsent(unread)))
        .compose(payees -> send(rail, parcels, payees, by));
  }

  /**
   * Accounts that banks are slow with go in requests of their own, beside the others; alone there
   * is nobody to be apart from.
   */
  private Future<List<TransferOutcome>> send(
      Rail rail, List<Parcel> parcels, Map<Long, Payee> payees, SendBy by) {
    boolean mixed = payees.size() > 1;
    return Bulks.send(
        rail,
        parcels.stream().map(parcel -> parcel.transfer(payees)).toList(),
        parcels.stream().map(parcel -> mixed && health.isSlow(parcel.accountId())).toList(),
        by);
  }
}
