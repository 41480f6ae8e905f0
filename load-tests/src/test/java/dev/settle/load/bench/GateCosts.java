package dev.settle.load.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the gate's traffic costs for each credit. Processor time is told in units of what PostgreSQL
 * spends in the same run on a row that it makes and inserts itself, so that it hardly depends on
 * the machine.
 */
final class GateCosts {

  private static final int ALONE = 200;
  private static final int AT_ONCE = 4_000;
  private static final int LINES = 30_000;
  private static final int WARM_UP_TURNS = 2;

  /** The least of them counts: noise is not in every one, what a change costs is. */
  private static final int SLICES = 3;

  private static final int PEER_COMMITS = 50;
  private static final int PEER_ROWS = 1_000;
  private static final String PEER_ROW = "peerRow";
  private static final String OF_PEER_ROW = "OfPeerRow";

  private static final String PEER_INSERT =
      """
      INSERT INTO peer_bulk (credit_id, amount_minor, captured_at, account_id, local_date, batch_no, stan,
                             binding_version, merchant_id, terminal_id, acquirer_id, type, currency, rrn)
      SELECT %1$d << 12 | place, 1 + place, now(), 1000001, current_date, %1$d, place, 1, 'M' || lpad(m::text, 6, '0'),
             'T' || lpad(m::text, 7, '0'), '48201000', 'SALE', 'CNY', lpad(place::text, 12, '0')
      FROM (SELECT place, 1 + place / 5 AS m FROM generate_series(0, %2$d - 1) AS place) rows
      """;

  private final DemoProcess demo;
  private final Book book;
  private final GateLoad load;
  private int peerCommits;

  GateCosts(DemoProcess demo, Book book, GateLoad load) {
    this.demo = demo;
    this.book = book;
    this.load = load;
  }

  /** Compiles what is hot, and changes those pages that are older than the last checkpoint. */
  void warmUp() throws IOException, SQLException, InterruptedException {
    for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
      load.inBulk(LINES);
      load.atOnce(AT_ONCE);
      peerRow();
    }
    book.awaitPosted();
  }

  /** All of them by name, as {@code load-tests/cost-limits.txt} has them. */
  Map<String, Double> all() throws IOException, SQLException, InterruptedException {
    Map<String, Double> costs = new LinkedHashMap<>();
    log(costs, "alone", measure(() -> load.alone(ALONE, book)));
    for (int slice = 0; slice < SLICES; slice++) {
      // How much of the database's work they share depends on how many come at once.
      router(costs, "single", measure(() -> load.atOnce(AT_ONCE)));
      addBulk(costs);
    }
    return inPeerRows(costs);
  }

  /** Only those in bulk, of one slice. */
  Map<String, Double> inBulk() throws IOException, SQLException, InterruptedException {
    Map<String, Double> costs = new LinkedHashMap<>();
    addBulk(costs);
    return inPeerRows(costs);
  }

  private void addBulk(Map<String, Double> costs)
      throws IOException, SQLException, InterruptedException {
    add(costs, PEER_ROW, peerRow());
    Cost bulk = measure(() -> load.inBulk(LINES));
    log(costs, "bulk", bulk);
    router(costs, "bulk", bulk);
    add(costs, "bulk.databaseCpu" + OF_PEER_ROW, bulk.ofCredit().databaseMicros());
  }

  private static void log(Map<String, Double> costs, String name, Cost cost) {
    add(costs, name + ".walBytes", cost.ofCredit().walBytes());
    add(costs, name + ".writesOfCommit", cost.writesOfCommit());
  }

  private static void router(Map<String, Double> costs, String name, Cost cost) {
    add(costs, name + ".routerCpu" + OF_PEER_ROW, cost.routerMicros());
  }

  private static void add(Map<String, Double> costs, String name, double cost) {
    costs.merge(name, cost, Math::min);
  }

  /** Processor time was added in microseconds. */
  private static Map<String, Double> inPeerRows(Map<String, Double> costs) {
    double row = costs.getOrDefault(PEER_ROW, Double.NaN);
    costs.remove(PEER_ROW);
    costs.replaceAll((name, cost) -> name.endsWith(OF_PEER_ROW) ? cost / row : cost);
    return costs;
  }

  /**
   * @param routerMicros without what the JVM spends on compiling
   * @param writesOfCommit transactions that PostgreSQL had to flush, for each group commit of the
   *     router
   */
  private record Cost(Spent ofCredit, double routerMicros, double writesOfCommit) {}

  private interface Traffic {
    void send() throws IOException, SQLException, InterruptedException;
  }

  private Cost measure(Traffic traffic) throws IOException, SQLException, InterruptedException {
    long accepted = book.accepted();
    long writes = book.writes();
    CommitSizes commits = CommitSizes.read(demo);
    Spent before = Spent.untilNow(demo, book);
    long router = ProcessTime.withoutCompilers(demo.router());
    traffic.send();
    book.awaitPosted();
    router = ProcessTime.withoutCompilers(demo.router()) - router;
    Spent spent = Spent.untilNow(demo, book).minus(before);
    double made = CommitSizes.read(demo).commits() - commits.commits();
    double credits = book.accepted() - accepted;
    return new Cost(spent.per(credits), router / credits, (book.writes() - writes) / made);
  }

  /** Microseconds of PostgreSQL for a row that it makes and inserts itself, in commits of many. */
  private double peerRow() throws IOException, SQLException {
    double before = ProcessTime.withChildren(demo.postmaster());
    for (int commit = 0; commit < PEER_COMMITS; commit++) {
      book.execute(String.format(PEER_INSERT, ++peerCommits, PEER_ROWS));
    }
    double after = ProcessTime.withChildren(demo.postmaster());
    return (after - before) / (PEER_COMMITS * PEER_ROWS);
  }
}
