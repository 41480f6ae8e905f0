package dev.settle.router.invariant;

import dev.settle.router.invariant.Witnesses.AccountNumbers;
import dev.settle.router.invariant.Witnesses.Booking;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the book against the bank's: what we call posted is booked there, once, to that account and
 * of that amount; what is booked there is posted here, or still on its way here.
 */
final class BookingCheck {

  /** Every attempt that was sent, by its end-to-end id. */
  private static final String SENT =
      """
      SELECT a.credit_id, a.no, c.amount_minor, c.currency, a.account_id, b.state, x.kind
      FROM (SELECT credit_id, 1 AS no, credit_id >> 12 AS batch_id, account_id FROM credit
            UNION ALL
            SELECT credit_id, exception_no + 1, to_batch, to_account FROM credit_exception WHERE to_batch IS NOT NULL) a
      JOIN credit c USING (credit_id) JOIN credit_batch b USING (batch_id)
      LEFT JOIN credit_exception x ON x.credit_id = a.credit_id AND x.exception_no = a.no
      WHERE b.claim_no IS NOT NULL AND coalesce(x.kind, '') NOT IN ('HELD', 'REROUTED')
      """;

  private static final int FETCH = 10_000;

  private final Connection connection;
  private final InvariantReport report;
  private final Witnesses witnesses;
  private final Map<String, Booking> booked = new HashMap<>();
  private final Set<String> notBookedBefore = new HashSet<>();
  private final Set<Long> paid = new HashSet<>();
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
    booked
        .keySet()
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

  private void compare(ResultSet row, Map<Long, String> numbers) throws SQLException {
    long credit = row.getLong("credit_id");
    String id = CreditText.of(credit) + "-" + row.getInt("no");
    Booking booking = booked.remove(id);
    boolean posted = row.getString("state").equals("POSTED") && row.getString("kind") == null;
    if (booking == null) {
      if (posted) {
        notBookedBefore.add(id);
      }
      return;
    }
    if ("REJECTED".equals(row.getString("kind"))) {
      tell(Invariant.I5, id + " was rejected as we have it, and the bank has booked it");
    }
    if (!paid.add(credit)) {
      tell(Invariant.I6, "credit " + credit + " was booked under more than one end-to-end id");
    }
    if (booking.amountMinor() != row.getLong("amount_minor")
        || !booking.currency().equals(row.getString("currency"))) {
      tell(Invariant.I5, id + " was booked with another amount than the credit's");
    }
    String number = numbers.get(row.getLong("account_id"));
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
