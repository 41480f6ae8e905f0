package dev.settle.router.dispatch;

import dev.settle.router.rail.TransferOutcome;
import dev.settle.router.rail.TransferOutcome.PartlyCredited;
import dev.settle.router.rail.TransferOutcome.Returned;
import java.util.ArrayList;
import java.util.List;

/** What an outcome of a transfer means for each of the credits that it carried. Pure. */
final class Shares {

  private Shares() {}

  /**
   * One outcome for each credit, in their order. A part of the whole goes to the first ones; what
   * came back of it, comes from the last ones.
   *
   * @param amounts of the credits, in minor units
   */
  static List<TransferOutcome> of(List<Long> amounts, TransferOutcome outcome) {
    if (amounts.size() == 1) {
      return List.of(outcome);
    }
    long whole = amounts.stream().mapToLong(Long::longValue).sum();
    if (outcome instanceof PartlyCredited partly) {
      return credited(amounts, partly.creditedMinor());
    }
    if (outcome instanceof Returned returned) {
      return stays(amounts, whole - returned.returnedMinor(), returned);
    }
    return amounts.stream().map(amount -> outcome).toList();
  }

  private static List<TransferOutcome> credited(List<Long> amounts, long creditedMinor) {
    List<TransferOutcome> shares = new ArrayList<>(amounts.size());
    long left = creditedMinor;
    for (long amount : amounts) {
      long share = Math.min(left, amount);
      left -= share;
      shares.add(
          share == amount
              ? TransferOutcome.CREDITED
              : share == 0 ? TransferOutcome.UNCLEAR : new PartlyCredited(share));
    }
    return shares;
  }

  private static List<TransferOutcome> stays(List<Long> amounts, long minor, Returned returned) {
    List<TransferOutcome> shares = new ArrayList<>(amounts.size());
    long left = minor;
    for (long amount : amounts) {
      long share = Math.min(left, amount);
      left -= share;
      shares.add(
          share == amount
              ? TransferOutcome.CREDITED
              : new Returned(
                  amount - share, returned.reason(), returned.bankCode(), returned.booked()));
    }
    return shares;
  }
}
