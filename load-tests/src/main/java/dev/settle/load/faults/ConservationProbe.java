package dev.settle.load.faults;

import dev.settle.load.faults.Audit.Broken;
import dev.settle.load.faults.Audit.Findings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Looks once a second whether what is accepted is posted plus unposted, each by rows of its own, in
 * one snapshot: the sum of all credits, the running totals, the open batches and departures.
 */
final class ConservationProbe {

  private static final String DELTAS =
      """
      SELECT currency, sum(accepted)::bigint AS accepted, sum(total)::bigint AS total, sum(open)::bigint AS open FROM (
        SELECT currency, amount_minor AS accepted, 0 AS total, 0 AS open FROM credit
        UNION ALL SELECT currency, 0, accepted_minor, posted_minor FROM book_total
        UNION ALL SELECT currency, 0, 0, amount_minor FROM unposted) d
      GROUP BY currency HAVING sum(accepted) <> sum(total) OR sum(total) <> sum(open)
      """;

  private static final String UNPOSTED = "SELECT coalesce(sum(credits), 0)::bigint FROM unposted";

  private final Database database;
  private final Findings findings;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger samples = new AtomicInteger();
  private final AtomicInteger missed = new AtomicInteger();
  private final AtomicLong unposted = new AtomicLong();
  private @Nullable Connection connection;

  ConservationProbe(Database database, Findings findings) {
    this.database = database;
    this.findings = findings;
  }

  void start() {
    clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  int samples() {
    return samples.get();
  }

  /** Seconds in which the database did not answer. */
  int missed() {
    return missed.get();
  }

  /** Unposted credits as of the last look. */
  long unposted() {
    return unposted.get();
  }

  void stop() throws InterruptedException {
    clock.shutdown();
    clock.awaitTermination(30, TimeUnit.SECONDS);
    close();
  }

  private void look() {
    try {
      Connection open = connection;
      if (open == null) {
        open = database.connect();
        connection = open;
      }
      try (Statement statement = open.createStatement()) {
        check(statement);
      }
      samples.incrementAndGet();
    } catch (SQLException down) {
      missed.incrementAndGet();
      close();
    }
  }

  private void check(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery(DELTAS)) {
      while (rows.next()) {
        findings.add(
            Broken.CONSERVATION,
            rows.getString(1)
                + ": credits "
                + rows.getLong(2)
                + ", accepted "
                + rows.getLong(3)
                + ", posted and unposted "
                + rows.getLong(4));
      }
    }
    try (ResultSet row = statement.executeQuery(UNPOSTED)) {
      row.next();
      unposted.set(row.getLong(1));
    }
  }

  private void close() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException gone) {
        // With its server: that is what is being tried.
      }
    }
  }
}
