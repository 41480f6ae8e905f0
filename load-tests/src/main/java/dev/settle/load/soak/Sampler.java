package dev.settle.load.soak;

import dev.settle.demo.node.NodeClient;
import dev.settle.demo.node.Scrape;
import dev.settle.load.stand.Buckets;
import dev.settle.load.stand.RouterProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at a router and its database from outside: rate and latency by its metrics, memory by the
 * system and JMX, tables, checkpoints and vacuums by PostgreSQL's statistics. Costs a scrape, two
 * queries and a few questions each time. Blocking; belongs to one thread.
 */
final class Sampler {

  /** Tables that change most; {@code credit} is the sum of its partitions. */
  static final List<String> TABLES =
      List.of("credit", "credit_batch", "credit_exception", "book_total", "route_canary");

  private static final String ACCEPTED = "settlement_transactions_total";
  private static final String ACCEPT_SECONDS = "settlement_accept_seconds";

  private static final String SIZES =
      """
      SELECT CASE WHEN relname ~ '^credit_[0-9]{6}$' THEN 'credit' ELSE relname END AS name, sum(n_live_tup), sum(n_dead_tup),
             sum(pg_relation_size(relid)), sum(pg_indexes_size(relid)), sum(autovacuum_count)
      FROM pg_stat_user_tables
      WHERE schemaname = 'public'
        AND (relname ~ '^credit_[0-9]{6}$' OR relname IN ('credit_batch', 'credit_exception', 'book_total', 'route_canary'))
      GROUP BY 1
      """;

  /** Where checkpoints are counted changed with PostgreSQL 17. */
  private static final String SERVER_17 =
      "SELECT num_timed + num_requested, pg_current_wal_lsn() - '0/0'::pg_lsn FROM pg_stat_checkpointer";

  private static final String SERVER_BEFORE =
      "SELECT checkpoints_timed + checkpoints_req, pg_current_wal_lsn() - '0/0'::pg_lsn FROM pg_stat_bgwriter";

  private static final int VERSION_17 = 17;

  private final NodeClient client = new NodeClient();
  private final int managementPort;
  private final RouterProcess router;
  private final Connection database;
  private final long started = System.nanoTime();
  private double lastSeconds;
  private double lastAccepted;
  private Buckets lastBuckets;

  /**
   * Begins; what is counted, is counted from here on.
   *
   * @param managementPort of the router, on this machine
   * @param router its process
   * @param database its database, as its owner sees it
   */
  Sampler(int managementPort, RouterProcess router, Connection database)
      throws IOException, InterruptedException {
    this.managementPort = managementPort;
    this.router = router;
    this.database = database;
    String text = metrics();
    lastAccepted = accepted(Scrape.parse(text));
    lastBuckets = Buckets.of(text, ACCEPT_SECONDS);
  }

  /** Looks now. */
  Sample take() throws IOException, SQLException, InterruptedException {
    String text = metrics();
    double seconds = (System.nanoTime() - started) / 1e9;
    Scrape scrape = Scrape.parse(text);
    Buckets buckets = Buckets.of(text, ACCEPT_SECONDS);
    double accepted = accepted(scrape);
    double perSecond = (accepted - lastAccepted) / (seconds - lastSeconds);
    double p50 = buckets.quantile(0.5, lastBuckets) * 1e3;
    double p99 = buckets.quantile(0.99, lastBuckets) * 1e3;
    try (Statement statement = database.createStatement()) {
      Map<String, TableSize> tables = tables(statement);
      try (ResultSet server = statement.executeQuery(serverQuery())) {
        server.next();
        Sample sample =
            new Sample(
                seconds,
                perSecond,
                p50,
                p99,
                (long) scrape.sum("settlement_unposted_credits", ""),
                router.residentBytes(),
                router.heapBytes(),
                tables,
                server.getLong(1),
                server.getLong(2));
        // Only now: what a sample that fails had seen is in the next.
        lastSeconds = seconds;
        lastAccepted = accepted;
        lastBuckets = buckets;
        return sample;
      }
    }
  }

  private String metrics() throws IOException, InterruptedException {
    var answer = client.get(managementPort, "/metrics");
    if (answer.status() != 200) {
      throw new IOException("/metrics: " + answer.status());
    }
    return answer.body();
  }

  private static double accepted(Scrape scrape) {
    return scrape.sum(ACCEPTED, "outcome=\"accepted\"") + scrape.sum(ACCEPTED, "outcome=\"held\"");
  }

  private String serverQuery() throws SQLException {
    return database.getMetaData().getDatabaseMajorVersion() >= VERSION_17
        ? SERVER_17
        : SERVER_BEFORE;
  }

  private static Map<String, TableSize> tables(Statement statement)
      throws IOException, SQLException {
    Map<String, TableSize> tables = new HashMap<>();
    try (ResultSet row = statement.executeQuery(SIZES)) {
      while (row.next()) {
        tables.put(
            row.getString(1),
            new TableSize(
                row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6)));
      }
    }
    if (!tables.keySet().containsAll(TABLES)) {
      throw new IOException("PostgreSQL knows only these tables: " + tables.keySet());
    }
    return tables;
  }
}
