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
  private final Map<Invariant, Integer> told = new HashMap<>();

  BookingCheck(Connection connection, InvariantReport report) {
    this.connection = connection;
    this.report = report;
  }

  void check(Witnesses witnesses) throws SQLException {
    Stream<Booking> bookings = witnesses.bookings();
    if (bookings == null) {
      report.notChecked("I3, I5 and I6 against the bank's books: none were given");
      return;
    }
    Map<String, Booking> booked = read(bookings);
    Map<Long, String> numbers = open(witnesses.numbers());
    Set<Long> paid = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(SENT)) {
      statement.setFetchSize(FETCH);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          compare(rows, booked, numbers, paid);
        }
      }
    }
    booked
        .keySet()
        .forEach(id -> tell(Invariant.I6, "the bank booked " + id + ", which was never sent"));
  }

  private Map<String, Booking> read(Stream<Booking> bookings) {
    Map<String, Booking> booked = new HashMap<>();
    try (bookings) {
      for (Iterator<Booking> all = bookings.iterator(); all.hasNext(); ) {
        Booking booking = all.next();
        if (booked.put(booking.endToEndId(), booking) != null) {
          tell(Invariant.I6, "the bank booked " + booking.endToEndId() + " more than once");
        }
      }
    }
    return booked;
  }

  private void compare(
      ResultSet row, Map<String, Booking> booked, Map<Long, String> numbers, Set<Long> paid)
      throws SQLException {
    long credit = row.getLong("credit_id");
    String id = CreditText.of(credit) + "-" + row.getInt("no");
    Booking booking = booked.remove(id);
    boolean posted = row.getString("state").equals("POSTED") && row.getString("kind") == null;
    if (booking == null) {
      if (posted) {
        tell(Invariant.I5, id + " is posted here, and the bank has not booked it");
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
