package dev.settle.router.invariant;

import dev.settle.router.invariant.Witnesses.Acknowledgement;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the book against what terminals were told: each acknowledged sale is there, as it was
 * acknowledged and under the id that was answered. Two answers that name different credits for one
 * sale cannot both be what is there.
 */
final class AcknowledgementCheck {

  /** Acknowledgements compared by one query. */
  private static final int AT_ONCE = 5_000;

  private static final String CREDITS =
      """
      SELECT a.place, c.credit_id, c.amount_minor = a.amount AND c.currency = a.currency AS same
      FROM unnest(?::text[], ?::text[], ?::date[], ?::integer[], ?::integer[], ?::text[], ?::text[], ?::bigint[], ?::text[])
        WITH ORDINALITY AS a(merchant, terminal, local_date, batch_no, stan, type, acquirer, amount, currency, place)
      JOIN every_credit c ON c.merchant_id = a.merchant AND c.terminal_id = a.terminal AND c.local_date = a.local_date
        AND c.batch_no = a.batch_no AND c.stan = a.stan AND c.type = a.type AND c.acquirer_id = a.acquirer
      """;

  private final Connection connection;
  private final InvariantReport report;
  private int lost;
  private int contradicted;
  private Set<LocalDate> takenOut = Set.of();

  AcknowledgementCheck(Connection connection, InvariantReport report) {
    this.connection = connection;
    this.report = report;
  }

  void check(@Nullable Stream<Acknowledgement> acknowledgements) throws SQLException {
    if (acknowledgements == null) {
      report.notChecked("I1 and I2 against what terminals were told: no journal was given");
      return;
    }
    takenOut = Archived.monthsTakenOut(connection);
    List<Acknowledgement> some = new ArrayList<>(AT_ONCE);
    try (acknowledgements) {
      for (Iterator<Acknowledgement> all = acknowledgements.iterator(); all.hasNext(); ) {
        some.add(all.next());
        if (some.size() == AT_ONCE || !all.hasNext()) {
          compare(some);
          some.clear();
        }
      }
    }
  }

  private void compare(List<Acknowledgement> some) throws SQLException {
    boolean[] found = new boolean[some.size()];
    try (PreparedStatement find = connection.prepareStatement(CREDITS)) {
      bind(find, some);
      try (ResultSet rows = find.executeQuery()) {
        while (rows.next()) {
          int place = rows.getInt("place") - 1;
          found[place] = found[place] || rows.getBoolean("same");
          compareId(some.get(place), CreditText.of(rows.getLong("credit_id")));
        }
      }
    }
    for (int i = 0; i < found.length; i++) {
      Acknowledgement one = some.get(i);
      if (!found[i]
          && !takenOut.contains(one.localDate().withDayOfMonth(1))
          && lost++ < InvariantReport.EXAMPLES) {
        report.violated(
            Invariant.I1,
            "acknowledged as " + one.creditId() + ", not so in the book: " + one.key());
      }
    }
  }

  private void compareId(Acknowledgement one, String inBook) {
    if (!inBook.equals(one.creditId()) && contradicted++ < InvariantReport.EXAMPLES) {
      report.violated(
          Invariant.I2, "acknowledged as " + one.creditId() + ", in the book as " + inBook);
    }
  }

  private void bind(PreparedStatement find, List<Acknowledgement> some) throws SQLException {
    find.setArray(1, array("text", some, Acknowledgement::merchantId));
    find.setArray(2, array("text", some, Acknowledgement::terminalId));
    find.setArray(3, array("text", some, one -> one.localDate().toString()));
    find.setArray(4, array("integer", some, one -> Integer.valueOf(one.batchNo())));
    find.setArray(5, array("integer", some, one -> Integer.valueOf(one.stan())));
    find.setArray(6, array("text", some, Acknowledgement::type));
    find.setArray(7, array("text", some, Acknowledgement::acquirerId));
    find.setArray(8, array("bigint", some, Acknowledgement::amountMinor));
    find.setArray(9, array("text", some, Acknowledgement::currency));
  }

  private Array array(
      String type, List<Acknowledgement> some, Function<Acknowledgement, Object> value)
      throws SQLException {
    return connection.createArrayOf(type, some.stream().map(value).toArray());
  }
}
