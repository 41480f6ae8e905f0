package dev.settle.load.growth;

import dev.settle.load.growth.FillPlan.Month;
import dev.settle.load.stand.Stand;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes posted history straight into the tables, as traffic would have left it and so that {@code
 * verify} holds: batches of {@link FillPlan#BATCH}, sales of every merchant on every day, ids and
 * claims in the order of time, control totals. The present month goes in through its indexes, as
 * sales do; older ones are written first and indexed then. Durable like anything else. The router
 * must be idle meanwhile.
 */
final class Fill {

  private static final int CONNECTIONS = 2;

  private final Stand stand;
  private final int merchants;
  private final FillPlan plan;

  /** Ids and claim numbers of batch n are these and n. */
  private long firstBatch;

  private long firstClaim;

  private Fill(Stand stand, int merchants, FillPlan plan) {
    this.stand = stand;
    this.merchants = merchants;
    this.plan = plan;
  }

  /**
   * Before anything is sold: reserves ids for all of the plan.
   *
   * @param merchants whose sales it has: the first ones
   */
  static Fill prepare(Stand stand, int merchants, FillPlan plan) throws SQLException {
    Fill fill = new Fill(stand, merchants, plan);
    long batches = plan.batches() + 1;
    try (Connection connection = stand.connect()) {
      // Further back than the router takes sales, and nobody's promise.
      Stand.queryLong(
          connection,
          "SELECT ensure_credit_partitions('" + plan.oldest() + "', '" + plan.newest() + "')");
      fill.firstBatch = Stand.queryLong(connection, "SELECT nextval('batch_ids')") + 1;
      fill.firstClaim = Stand.queryLong(connection, "SELECT nextval('fence_order')") + 1;
      Stand.queryLong(
          connection, "SELECT setval('batch_ids', " + (fill.firstBatch + batches) + ")");
      Stand.queryLong(
          connection, "SELECT setval('fence_order', " + (fill.firstClaim + batches) + ")");
    }
    return fill;
  }

  /** Lets the history grow from {@code have} credits to {@code want}. */
  void grow(long have, long want) throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (Month month : plan.growth(have, want)) {
        boolean built = !month.first().equals(plan.newest()) && isEmpty(month);
        if (built) {
          work.add(workers.submit(() -> build(month)));
        } else {
          // In two halves, as two event loops would.
          long half = (month.fromBatch() + month.toBatch()) / 2;
          work.add(workers.submit(() -> insert(month, month.fromBatch(), half)));
          work.add(workers.submit(() -> insert(month, half, month.toBatch())));
        }
      }
      await(work);
    } finally {
      workers.shutdownNow();
    }
    try (Connection connection = stand.connect();
        Statement statement = connection.createStatement()) {
      // As autovacuum would have by now: it is not to begin under the measurement.
      statement.execute("VACUUM (ANALYZE) credit_batch");
      statement.execute("VACUUM (ANALYZE) " + FillPlan.partition(plan.newest()));
      statement.execute("CHECKPOINT");
    }
  }

  private static void await(List<Future<?>> work) throws Exception {
    for (Future<?> one : work) {
      try {
        one.get();
      } catch (ExecutionException failed) {
        throw failed.getCause() instanceof Exception cause ? cause : failed;
      }
    }
  }

  private boolean isEmpty(Month month) throws SQLException {
    try (Connection connection = stand.connect()) {
      return Stand.queryLong(
              connection,
              "SELECT count(*) FROM (SELECT FROM " + month.partition() + " LIMIT 1) one")
          == 0;
    }
  }

  private Void insert(Month month, long from, long to) throws SQLException {
    try (Connection connection = stand.connect();
        Statement statement = connection.createStatement()) {
      // A day's worth in each statement: its sales are sorted by key, like those of a commit.
      long step = Math.max(1, (month.toBatch() - month.fromBatch()) / month.days());
      for (long batch = from; batch < to; batch += step) {
        statement.execute(credits(month, month.partition(), batch, Math.min(to, batch + step)));
      }
      batches(statement, month, from, to);
    }
    return null;
  }

  /** A table of its own, that takes the place of the month's empty partition when it is whole. */
  private Void build(Month month) throws SQLException {
    String made = month.partition() + "_made";
    String bounds = "'" + month.first() + "' %s '" + month.first().plusMonths(1) + "'";
    try (Connection connection = stand.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 0");
      statement.execute(
          "CREATE TABLE " + made + " (LIKE credit INCLUDING DEFAULTS INCLUDING CONSTRAINTS)");
      // What autovacuum would do to it would be done under the measurement.
      statement.execute("ALTER TABLE " + made + " SET (autovacuum_enabled = off)");
      statement.execute(credits(month, made, month.fromBatch(), month.toBatch()));
      batches(statement, month, month.fromBatch(), month.toBatch());
      statement.execute(
          "ALTER TABLE "
              + made
              + " ADD PRIMARY KEY (merchant_id, terminal_id, local_date, batch_no, stan, type, acquirer_id),"
              + " ADD UNIQUE (credit_id, local_date), ADD CHECK (local_date >= "
              + bounds.formatted("AND local_date <")
              + ")");
      statement.execute("ANALYZE " + made);
      connection.setAutoCommit(false);
      statement.execute("ALTER TABLE credit DETACH PARTITION " + month.partition());
      statement.execute("DROP TABLE " + month.partition());
      statement.execute("ALTER TABLE " + made + " RENAME TO " + month.partition());
      statement.execute(
          "ALTER TABLE credit ATTACH PARTITION "
              + month.partition()
              + " FOR VALUES FROM ("
              + bounds.formatted(") TO (")
              + ")");
      connection.commit();
    }
    return null;
  }

  /** Sale n of all is of merchant n modulo their number, its next stan. */
  private String credits(Month month, String table, long from, long to) {
    return """
        INSERT INTO %1$s (credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan, binding_version,
                          merchant_id, terminal_id, acquirer_id, type, currency, rrn)
        SELECT (%2$d + s.batch) << 12 | s.place, 100 + s.place * 7 + s.batch %% 1000,
               s.day + time '10:00' AT TIME ZONE 'UTC' + s.place * interval '1 second', a.account_id, s.day,
               (900000 + s.n / %3$d / 1000000)::integer, (s.n / %3$d %% 1000000)::integer, 1, a.merchant_id, a.terminal_id,
               '48201000', 'SALE', 'CNY', lpad(s.n::text, 12, '0')
        FROM (SELECT b AS batch, p AS place, b * %4$d + p - 1 AS n,
                     date '%5$s' + ((b - %6$d) * %7$d / %8$d)::integer AS day
              FROM generate_series(%9$d::bigint, %10$d::bigint) b, generate_series(1, %4$d) p) s
        JOIN (SELECT row_number() OVER (ORDER BY m.merchant_id) - 1 AS no, m.merchant_id, t.terminal_id, a.account_id
              FROM merchant m JOIN terminal t USING (merchant_id) JOIN account a USING (merchant_id)
              ORDER BY m.merchant_id LIMIT %3$d) a ON a.no = s.n %% %3$d
        """
        .formatted(
            table,
            firstBatch,
            merchants,
            FillPlan.BATCH,
            month.first(),
            month.base(),
            month.days(),
            month.whole(),
            from,
            to - 1);
  }

  private void batches(Statement statement, Month month, long from, long to) throws SQLException {
    long batch = FillPlan.BATCH;
    String minor =
        "%d + %d * (b %% 1000)".formatted(batch * 100 + 7 * batch * (batch + 1) / 2, batch);
    statement.execute(
        """
        INSERT INTO credit_batch (batch_id, rail, currency, state, credits, amount_minor, owner, recorded_at, claim_no,
                                  claimed_at, settled_at)
        SELECT %1$d + b, 'sandbox', 'CNY', 'POSTED', %2$d, %3$s, 1, at, %4$d + b, at + interval '5 ms', at + interval '50 ms'
        FROM (SELECT b, timestamptz '%5$s 00:00Z' + (b - %6$d) * %7$d * interval '1 day' / %8$d AS at
              FROM generate_series(%9$d::bigint, %10$d::bigint) b) one
        """
            .formatted(
                firstBatch,
                batch,
                minor,
                firstClaim,
                month.first(),
                month.base(),
                month.days(),
                month.whole(),
                from,
                to - 1));
    statement.execute(
        """
        INSERT INTO book_total AS t (writer, currency, accepted_credits, accepted_minor, posted_credits, posted_minor)
        SELECT 'fill', 'CNY', n, m, n, m FROM (
          SELECT count(*) * %1$d AS n, sum(%2$s) AS m FROM generate_series(%3$d::bigint, %4$d::bigint) b) s
        ON CONFLICT (writer, currency) DO UPDATE SET
          accepted_credits = t.accepted_credits + excluded.accepted_credits,
          accepted_minor = t.accepted_minor + excluded.accepted_minor,
          posted_credits = t.posted_credits + excluded.posted_credits,
          posted_minor = t.posted_minor + excluded.posted_minor
        """
            .formatted(batch, minor, from, to - 1));
  }
}
