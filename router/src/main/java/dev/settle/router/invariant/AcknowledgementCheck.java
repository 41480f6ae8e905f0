package dev.settle.router.invariant;

import dev.settle.router.invariant.Witnesses.Acknowledgement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the book against what terminals were told: each acknowledged sale is there, once, as it was
 * acknowledged.
 */
final class AcknowledgementCheck {

  private static final String CREDIT =
      """
      SELECT credit_id FROM credit
      WHERE merchant_id = ? AND terminal_id = ? AND local_date = ? AND batch_no = ? AND stan = ? AND type = ? AND acquirer_id = ?
        AND amount_minor = ? AND currency = ?
      """;

  private final Connection connection;
  private final InvariantReport report;
  private int lost;
  private int told;

  AcknowledgementCheck(Connection connection, InvariantReport report) {
    this.connection = connection;
    this.report = report;
  }

  void check(@Nullable Stream<Acknowledgement> acknowledgements) throws SQLException {
    if (acknowledgements == null) {
      report.notChecked("I1 and I2 against what terminals were told: no journal was given");
      return;
    }
    Map<List<String>, String> answered = new HashMap<>();
    try (acknowledgements;
        PreparedStatement find = connection.prepareStatement(CREDIT)) {
      for (Iterator<Acknowledgement> all = acknowledgements.iterator(); all.hasNext(); ) {
        Acknowledgement one = all.next();
        String before = answered.putIfAbsent(one.key(), one.creditId());
        if (before == null) {
          findAsAcknowledged(find, one);
        } else if (!before.equals(one.creditId()) && told++ < InvariantReport.EXAMPLES) {
          report.violated(
              Invariant.I2,
              "transaction "
                  + one.key()
                  + " was answered with "
                  + before
                  + " and with "
                  + one.creditId());
        }
      }
    }
  }

  private void findAsAcknowledged(PreparedStatement find, Acknowledgement one) throws SQLException {
    find.setString(1, one.merchantId());
    find.setString(2, one.terminalId());
    find.setObject(3, one.localDate());
    find.setInt(4, Integer.parseInt(one.batchNo()));
    find.setInt(5, Integer.parseInt(one.stan()));
    find.setString(6, one.type());
    find.setString(7, one.acquirerId());
    find.setLong(8, one.amountMinor());
    find.setString(9, one.currency());
    try (ResultSet found = find.executeQuery()) {
      if (!found.next()) {
        if (lost++ < InvariantReport.EXAMPLES) {
          report.violated(
              Invariant.I1,
              "acknowledged as " + one.creditId() + ", not in the book: " + one.key());
        }
      } else if (!CreditText.of(found.getLong(1)).equals(one.creditId())
          && told++ < InvariantReport.EXAMPLES) {
        report.violated(
            Invariant.I2,
            "acknowledged as "
                + one.creditId()
                + ", in the book as "
                + CreditText.of(found.getLong(1)));
      }
    }
  }
}
