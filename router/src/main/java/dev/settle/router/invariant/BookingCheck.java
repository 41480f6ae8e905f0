package dev.settle.router.invariant;

import dev.settle.router.invariant.Witnesses.AccountNumbers;
import dev.settle.router.invariant.Witnesses.Booking;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the book against the bank's: what we call posted is booked there, once, to that account and
 * of that amount; what is booked there is posted here, or still on its way here.
 */
final class BookingCheck {

  /** Every attempt that was sent, and what the bank may have booked for it. */
  private static final String SENT =
      """
      SELECT a.credit_id, a.no, a.batch_id, a.amount_minor, a.currency, a.account_id, b.state, b.one_per_account,
             x.kind, x.closed_as, x.amount_minor AS open_minor
      FROM (SELECT credit_id, 1 AS no, credit_id >> 12 AS batch_id, account_id, amount_minor, currency FROM every_credit
            UNION ALL
            SELECT credit_id, attempt + 1, to_batch, to_account, amount_minor, currency
            FROM every_exception WHERE to_batch IS NOT NULL) a
      JOIN every_batch b USING (batch_id)
      LEFT JOIN (
        SELECT DISTINCT ON (credit_id, attempt) credit_id, attempt, kind, closed_as, amount_minor FROM every_exception
        ORDER BY credit_id, attempt, exception_no DESC
      ) x ON x.credit_id = a.credit_id AND x.attempt = a.no
      WHERE b.claim_no IS NOT NULL AND coalesce(x.kind, '') NOT IN ('HELD', 'REROUTED')
      """;

  private static final int FETCH = 10_000;

  private final Connection connection;
  private final InvariantReport report;
  private final Witnesses witnesses;
  private final Map<String, Booking> booked = new HashMap<>();
  private final Set<String> notBookedBefore = new HashSet<>();
  private final Set<Long> paid = new HashSet<>();

  /** Transfers that carried several credits, by their end-to-end id. */
  private final Map<String, Expected> aggregated = new HashMap<>();

  private final Map<Invariant, Integer> told = new HashMap<>();

  BookingCheck(Connection connection, InvariantReport report, Witnesses witnesses) {
    this.connection = connection;
    this.report = report;
    this.witnesses = witnesses;
  }

  /** Reads what the bank has booked so far; to be called before the snapshot is taken. */
  void readBooks() {
    if (witnesses.bookings() == null) {
      report.notChecked("I3, I5 and I6 against the bank's books: none were given");
      return;
    }
    try (Stream<Booking> bookings = witnesses.bookings().get()) {
      for (Iterator<Booking> all = bookings.iterator(); all.hasNext(); ) {
        Booking booking = all.next();
        if (booked.put(booking.endToEndId(), booking) != null) {
          tell(Invariant.I6, "the bank booked " + booking.endToEndId() + " more than once");
        }
      }
    }
  }

  /** Compares what was read with the snapshot. */
  void compare() throws SQLException {
    if (witnesses.bookings() == null) {
      return;
    }
    Map<Long, String> numbers = open(witnesses.numbers());
    try (PreparedStatement statement = connection.prepareStatement(SENT)) {
      statement.setFetchSize(FETCH);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          compare(rows, numbers);
        }
      }
    }
    aggregated.forEach((id, expected) -> compare(id, expected, numbers));
    long takenOut = Archived.lastTakenOut(connection);
    booked.keySet().stream()
        .filter(id -> takenOut == 0 || CreditText.creditOf(id) >= takenOut)
        .forEach(id -> tell(Invariant.I6, "the bank booked " + id + ", which was never sent"));
    readAgain();
  }

  /** What was posted between the reading of the books and the snapshot, is in the books by now. */
  private void readAgain() {
    if (notBookedBefore.isEmpty() || witnesses.bookings() == null) {
      return;
    }
    try (Stream<Booking> bookings = witnesses.bookings().get()) {
      bookings.forEach(booking -> notBookedBefore.remove(booking.endToEndId()));
    }
    notBookedBefore.forEach(
        id -> tell(Invariant.I5, id + " is posted here, and the bank has not booked it"));
  }

  /**
   * What the bank may have booked for a transfer, by our book.
   *
   * @param least what it has booked for sure
   * @param most what it may have booked
   * @param goesOn whether what the bank did not credit, or gave back, is paid by another attempt
   */
  private record Expected(
      List<Long> credits, long accountId, String currency, long least, long most, boolean goesOn) {

    static Expected read(ResultSet row) throws SQLException {
      long amount = row.getLong("amount_minor");
      String kind = row.getString("kind");
      boolean posted =
          kind == null
              ? row.getString("state").equals("POSTED")
              : "POSTED".equals(row.getString("closed_as"));
      boolean refused = "REJECTED".equals(kind) && !posted;
      long part = amount - row.getLong("open_minor");
      long least = posted ? amount : refused || "PARTIAL".equals(kind) ? part : 0;
      return new Expected(
          List.of(row.getLong("credit_id")),
          row.getLong("account_id"),
          row.getString("currency"),
          least,
          refused ? part : amount,
          refused || "RETURNED".equals(kind));
    }

    Expected with(Expected other) {
      List<Long> all = new ArrayList<>(credits);
      all.addAll(other.credits);
      return new Expected(
          all, accountId, currency, least + other.least, most + other.most, goesOn || other.goesOn);
    }
  }

  private void compare(ResultSet row, Map<Long, String> numbers) throws SQLException {
    Expected expected = Expected.read(row);
    if (row.getBoolean("one_per_account")) {
      String id = CreditText.ofAccount(row.getLong("batch_id"), row.getLong("account_id"));
      aggregated.merge(id, expected, Expected::with);
    } else {
      compare(CreditText.of(row.getLong("credit_id")) + "-" + row.getInt("no"), expected, numbers);
    }
  }

  private void compare(String id, Expected expected, Map<Long, String> numbers) {
    Booking booking = booked.remove(id);
    if (booking == null) {
      if (expected.least() > 0) {
        notBookedBefore.add(id);
      }
      return;
    }
    if (expected.most() == 0) {
      tell(Invariant.I5, id + " was rejected as we have it, and the bank has booked it");
    } else if (booking.amountMinor() < expected.least()
        || booking.amountMinor() > expected.most()
        || !booking.currency().equals(expected.currency())) {
      tell(Invariant.I5, id + " was booked with another amount than the credit's");
    }
    if (!expected.goesOn()) {
      for (Long credit : expected.credits()) {
        if (!paid.add(credit)) {
          tell(Invariant.I6, "credit " + credit + " was booked under more than one end-to-end id");
        }
      }
    }
    String number = numbers.get(expected.accountId());
    if (number != null && !number.equals(booking.account())) {
      tell(Invariant.I3, id + " was booked to another account than the credit's");
    }
  }

  private Map<Long, String> open(@Nullable AccountNumbers cipher) throws SQLException {
    Map<Long, String> numbers = new HashMap<>();
    if (cipher == null) {
      report.notChecked("which account the bank booked to: no keys were given");
      return numbers;
    }
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT account_id, merchant_id, number_cipher FROM account");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        numbers.put(rows.getLong(1), cipher.open(rows.getString(2), rows.getBytes(3)));
      }
    }
    return numbers;
  }

  private void tell(Invariant invariant, String how) {
    if (told.merge(invariant, 1, Integer::sum) <= InvariantReport.EXAMPLES) {
      report.violated(invariant, how);
    }
  }
}
