package dev.settle.load.stand;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What keeps departures coming: one merchant after the other has its account frozen, and thawed a
 * moment later, while it sells.
 */
public final class Freezes {

  private final Stand stand;
  private final List<Long> accounts = new ArrayList<>();
  private int next;

  public Freezes(Stand stand) throws SQLException {
    this.stand = stand;
    try (Connection connection = stand.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT account_id FROM account ORDER BY account_id")) {
      while (row.next()) {
        accounts.add(row.getLong(1));
      }
    }
  }

  /** Freezes the next one; returns what thaws it. */
  public long freeze() throws IOException, InterruptedException {
    long account = accounts.get(next++ % accounts.size());
    stand.setStatus(account, "FROZEN");
    return account;
  }

  public void thaw(long account) throws IOException, InterruptedException {
    stand.setStatus(account, "ACTIVE");
  }

  public int times() {
    return next;
  }
}
