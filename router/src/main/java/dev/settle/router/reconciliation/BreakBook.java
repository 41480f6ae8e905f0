package dev.settle.router.reconciliation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens a break for every difference that has none yet, and that no person closed as it is. */
final class BreakBook implements DifferenceSink {

  private final Connection connection;
  private final String rail;
  private long opened;

  BreakBook(Connection connection, String rail) {
    this.connection = connection;
    this.rail = rail;
  }

  @Override
  public void take(List<Difference> some) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ComparisonSql.OPEN_BREAKS)) {
      statement.setString(1, rail);
      array(statement, 2, "text", some, difference -> difference.kind().name());
      array(statement, 3, "text", some, Difference::endToEndId);
      array(statement, 4, "bigint", some, BreakBook::onlyCredit);
      array(statement, 5, "integer", some, Difference::attempt);
      array(statement, 6, "bigint", some, Difference::amountMinor);
      array(statement, 7, "text", some, Difference::currency);
      array(statement, 8, "text", some, Difference::detail);
      array(statement, 9, "text", some, difference -> difference.owner().name());
      statement.setString(10, rail);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        opened += row.getLong(1);
      }
    }
  }

  private static @Nullable Long onlyCredit(Difference difference) {
    return difference.attempt() == null ? null : difference.creditIds().get(0);
  }

  private void array(
      PreparedStatement statement,
      int place,
      String type,
      List<Difference> some,
      Function<Difference, @Nullable Object> of)
      throws SQLException {
    statement.setArray(place, connection.createArrayOf(type, some.stream().map(of).toArray()));
  }

  /** How many breaks were opened. */
  long opened() {
    return opened;
  }
}
