package dev.settle.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.settle.sandbox.net.FreePort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The regression gate: a fixed workload of a router with its own PostgreSQL and bank, counted in
 * processor time, write-ahead log and flushes, never in seconds. And its proof that it can fail.
 */
@TestMethodOrder(
    MethodOrderer.OrderAnnotation.class) // What is measured depends on what is in the tables.
class CostGateIT {

  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final int ATTEMPTS = 3;
  private static final Path LIMITS = Path.of("cost-limits.txt");

  @TempDir private static Path folder;

  private static DemoProcess demo;
  private static Book book;
  private static GateCosts costs;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/proc/stat")), "left out: needs /proc of Linux");
    demo = DemoProcess.start(CHECKOUT, folder, freeBase(), Arena.MERCHANTS);
    book = new Book(BookAddress.read(demo.data()));
    Peers.create(book);
    quieten();
    costs = new GateCosts(demo, book, new GateLoad(demo, folder));
    costs.warmUp();
  }

  /** Leaves out what PostgreSQL does when it likes, and whole pages. */
  private static void quieten() throws SQLException {
    // It comes when it likes, and writes log.
    book.execute("ALTER SYSTEM SET autovacuum = off");
    book.execute("SELECT pg_reload_conf()");
    // A page's first change after a checkpoint is logged as a whole page, and so may be the first
    // look at it. From now on the pages are new ones, until the next checkpoint in five minutes.
    book.checkpoint();
  }

  @AfterAll
  static void stop() throws Exception {
    if (book != null) {
      book.close();
    }
    if (demo != null) {
      try {
        demo.stop(); // Fails when an invariant does not hold.
      } finally {
        demo.close();
      }
    }
  }

  @Test
  @Order(1)
  void a_credit_costs_no_more_than_its_limits() throws Exception {
    CostLimits limits = CostLimits.read(LIMITS);

    assertThat(exceeded(limits, costs::all, limits.limits().keySet()))
        .as("over the limits of " + LIMITS + ", every time")
        .isEmpty();
  }

  @Test
  @Order(2)
  void one_more_index_is_noticed() throws Exception {
    book.execute("CREATE INDEX planted ON credit (rrn)");
    try {
      assertThat(exceededInBulkNot("bulk.writesOfCommit")).contains("bulk.walBytes");
    } finally {
      book.execute("DROP INDEX planted");
    }
  }

  @Test
  @Order(3)
  void one_more_update_of_each_credit_is_noticed() throws Exception {
    PlantedTrigger planted =
        PlantedTrigger.onEachInsert(
            book,
            """
            UPDATE credit c SET rrn = f.rrn FROM fresh f
            WHERE c.credit_id = f.credit_id AND c.local_date = f.local_date;
            """);
    try {
      assertThat(exceededInBulkNot("bulk.writesOfCommit")).contains("bulk.walBytes");
    } finally {
      planted.remove();
    }
  }

  /** By a session of its own: a trigger cannot commit. */
  @Test
  @Order(4)
  void one_more_transaction_for_each_commit_is_noticed() throws Exception {
    book.execute("CREATE EXTENSION dblink");
    book.execute("CREATE TABLE planted_commit (at timestamptz)");
    PlantedTrigger planted =
        PlantedTrigger.onEachInsert(
            book,
            """
            IF NOT 'planted' = ANY (coalesce(dblink_get_connections(), '{}')) THEN
              PERFORM dblink_connect('planted', '%s');
            END IF;
            PERFORM dblink_exec('planted', 'INSERT INTO planted_commit VALUES (now())');
            """
                .formatted(session(book.address())));
    try {
      assertThat(exceededInBulkNot("bulk.walBytes")).contains("bulk.writesOfCommit");
    } finally {
      planted.remove();
      book.execute("DROP TABLE planted_commit");
      book.execute("DROP EXTENSION dblink");
    }
  }

  @Test
  @Order(5)
  void work_of_the_database_for_each_credit_is_noticed() throws Exception {
    PlantedTrigger planted =
        PlantedTrigger.onEachCredit(book, "PERFORM sum(n) FROM generate_series(1, 500) n;");
    try {
      assertThat(exceededInBulkNot("bulk.walBytes", "bulk.writesOfCommit"))
          .contains("bulk.databaseCpuOfPeerRow");
    } finally {
      planted.remove();
    }
  }

  /** As libpq reads it. */
  private static String session(BookAddress address) {
    return String.format(
        Locale.ROOT,
        "host=%s port=%d dbname=%s user=%s password=%s",
        address.uri().getHost(),
        address.uri().getPort(),
        address.uri().getPath().substring(1),
        address.user(),
        address.password());
  }

  /** Names of what a planted fault made dearer; it must leave these as they are. */
  private static List<String> exceededInBulkNot(String... untouched) throws Exception {
    List<String> exceeded =
        names(exceeded(CostLimits.read(LIMITS).of("bulk."), costs::inBulk, Set.of(untouched)));
    assertThat(exceeded).doesNotContain(untouched);
    return exceeded;
  }

  /**
   * What is over its limit every time, in words. What is dearer by noise is not so in all attempts,
   * so there are others when one of these names is among it.
   */
  private static List<String> exceeded(
      CostLimits limits, Callable<Map<String, Double>> measure, Set<String> again)
      throws Exception {
    List<Map<String, Double>> attempts = new ArrayList<>();
    List<String> exceeded;
    do {
      Map<String, Double> measured = measure.call();
      System.out.println("costs of a credit: " + measured);
      attempts.add(measured);
      exceeded = limits.exceeded(CostLimits.least(attempts));
    } while (attempts.size() < ATTEMPTS && !Collections.disjoint(names(exceeded), again));
    return exceeded;
  }

  private static List<String> names(List<String> exceeded) {
    return exceeded.stream().map(what -> what.substring(0, what.indexOf(' '))).toList();
  }

  /** Three free ports in a row: the demo's API, its management, its bank. */
  private static int freeBase() {
    int base = FreePort.any();
    while (FreePort.any() != base + 1 || FreePort.any() != base + 2) {
      base = FreePort.any();
    }
    return base;
  }
}
