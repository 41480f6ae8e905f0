package dev.settle.router.notification;

import dev.settle.router.notification.Notification.Entry;
import dev.settle.router.rail.BankStatuses;
import dev.settle.router.rail.TransferOutcome;

/** What a notification about money means, in the words of {@code rail}. Pure. */
final class Outcomes {

  private Outcomes() {}

  /**
   * The outcome of the transfer. Only a booked entry says that money moved; what is announced is
   * under way, and a rejection that is only announced is no end.
   *
   * @param wholeMinor what the transfer carried
   */
  static TransferOutcome of(String type, Entry entry, long wholeMinor, BankStatuses statuses) {
    String code = entry.code() == null ? "" : entry.code();
    if (entry.amountMinor() > wholeMinor) {
      // Kept as a break, whatever it says; nothing is written of the transfer.
      return TransferOutcome.UNCLEAR;
    }
    return switch (type) {
      case "returned" ->
          statuses.returned(entry.amountMinor(), null, wholeMinor, code, entry.booked());
      case "rejected" ->
          entry.booked()
              ? statuses.outcome("RJCT", code, null, wholeMinor)
              : TransferOutcome.UNCLEAR;
      default ->
          statuses.outcome(entry.booked() ? "ACCC" : "PDNG", code, entry.amountMinor(), wholeMinor);
    };
  }
}
