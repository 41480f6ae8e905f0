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
   * came back of it, comes from the last ones. Of those that neither concerns nothing is said.
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
      Long credited = returned.creditedMinor();
      if (credited != null && credited < whole && returned.returnedMinor() < whole) {
        // Of which of them a part came back that was itself a part, nobody can say.
        return amounts.stream().map(amount -> (TransferOutcome) TransferOutcome.UNCLEAR).toList();
      }
      return returned(amounts, whole - returned.returnedMinor(), returned);
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

  private static List<TransferOutcome> returned(List<Long> amounts, long stays, Returned whole) {
    List<TransferOutcome> shares = new ArrayList<>(amounts.size());
    Long said = whole.creditedMinor();
    long staysLeft = stays;
    long creditedLeft = said == null ? 0 : said;
    for (long amount : amounts) {
      long back = amount - Math.min(staysLeft, amount);
      staysLeft -= amount - back;
      long credited = Math.min(creditedLeft, amount);
      creditedLeft -= credited;
      if (back > 0) {
        shares.add(
            new Returned(
                back,
                credited == 0 ? null : (Long) credited,
                whole.reason(),
                whole.bankCode(),
                whole.booked()));
      } else if (credited == 0) {
        shares.add(TransferOutcome.UNCLEAR);
      } else {
        shares.add(credited == amount ? TransferOutcome.CREDITED : new PartlyCredited(credited));
      }
    }
    return shares;
  }
}
