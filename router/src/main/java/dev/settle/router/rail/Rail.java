package dev.settle.router.rail;

import dev.settle.router.binding.Payee;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** A way to pay: one bank or payment institution, as dispatch sees it. */
public interface Rail {

  /** The rail's name in the book, in metrics and in answers; lower-case, never changed. */
  String name();

  RailCapabilities capabilities();

  /**
   * Sends transfers, whose end-to-end ids are durable already, at most {@link
   * RailCapabilities#bulkSize()} of one currency.
   *
   * @param by looked at last before the first byte leaves, when a connection is there: afterwards
   *     nothing is sent, and the future fails with {@link SendBy.TooLate}. A request that is given
   *     up is cut
   * @return one outcome for each transfer, in their order. A failed future means that nobody knows
   *     which were executed.
   */
  Future<List<TransferOutcome>> send(List<Transfer> transfers, SendBy by);

  /**
   * Asks what became of transfers, at most {@link RailCapabilities#enquiryBulk()}. Only for a rail
   * that has {@link RailCapabilities#enquiry()}.
   *
   * @return one outcome for each, in their order. A failed future means that the bank did not say.
   */
  default Future<List<TransferOutcome>> enquire(List<Enquiry> transfers) {
    return Future.failedFuture(new UnsupportedOperationException(name() + " cannot be asked"));
  }

  /**
   * Asks the bank whether the name fits the account. Only for a rail that {@link
   * RailCapabilities#verifiesAccounts()}.
   *
   * @param testCredit whether the bank is to credit 0.01 to the account
   * @param requestId the same for every repetition of one question; at most one test credit is
   *     booked for it
   * @return what the bank said. A failed future means that it is not known.
   */
  default Future<Verification> verify(Payee payee, boolean testCredit, String requestId) {
    return Future.failedFuture(new UnsupportedOperationException(name() + " verifies nothing"));
  }

  /**
   * Reads the bank's account statement, piece by piece: the next is read when what {@code take}
   * returned for the one before is done. Entries of test credits are not part of it.
   *
   * @param since by the bank's clock: what was booked then or later
   * @param take must not keep the event loop
   * @return done when every entry was taken. A failed future means that the statement is not whole.
   */
  default Future<Void> statement(Instant since, Function<List<StatementEntry>, Future<Void>> take) {
    return Future.failedFuture(new UnsupportedOperationException(name() + " has no statement"));
  }
}
