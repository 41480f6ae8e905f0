package dev.settle.demo;

import dev.settle.demo.terminal.Acknowledgement;
import dev.settle.demo.terminal.AcknowledgementReader;
import dev.settle.router.binding.AccountCipher;
import dev.settle.router.invariant.InvariantCheck;
import dev.settle.router.invariant.InvariantReport;
import dev.settle.router.invariant.Witnesses;
import dev.settle.router.platform.DemoKeys;
import dev.settle.sandbox.bank.BankBooks;
import dev.settle.sandbox.bank.Booking;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.stream.Stream;

/**
 * Checks the invariants with what a data directory holds besides the database: the bank's own books
 * and what terminals were told.
 */
public final class DemoWitnesses {

  private DemoWitnesses() {}

  /** Checks every invariant. Blocking, for as long as it takes to read all of the run. */
  public static InvariantReport check(Connection connection, Path dataDirectory)
      throws IOException, SQLException {
    AccountCipher cipher = AccountCipher.fromFile(DemoKeys.accountKeyset(dataDirectory));
    try (Stream<Acknowledgement> told =
        AcknowledgementReader.stream(WorkingDirectory.acknowledgements(dataDirectory))) {
      return InvariantCheck.check(
          connection,
          new Witnesses(
              () -> credits(BankBooks.read(WorkingDirectory.bankBooks(dataDirectory))),
              told.map(DemoWitnesses::acknowledgement),
              (merchant, cipherText) -> cipher.decrypt(merchant, cipherText).reveal()));
    }
  }

  private static Stream<Witnesses.Booking> credits(BankBooks books) {
    return books.stream()
        .filter(booking -> booking.kind() == Booking.Kind.CREDIT)
        .map(DemoWitnesses::booking)
        .onClose(books::close);
  }

  private static Witnesses.Booking booking(Booking booked) {
    return new Witnesses.Booking(
        booked.endToEndId(), booked.account(), booked.amountMinor(), booked.currency());
  }

  private static Witnesses.Acknowledgement acknowledgement(Acknowledgement told) {
    return new Witnesses.Acknowledgement(
        told.creditId(),
        told.acquirerId(),
        told.merchantId(),
        told.terminalId(),
        told.batchNo(),
        told.stan(),
        LocalDate.parse(told.localDate()),
        told.type(),
        told.amountMinor(),
        told.currency());
  }
}
