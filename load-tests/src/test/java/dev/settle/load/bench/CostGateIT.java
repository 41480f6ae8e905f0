package dev.settle.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.settle.sandbox.net.FreePort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    // It comes when it likes, and writes log.
    book.execute("ALTER SYSTEM SET autovacuum = off");
    book.execute("SELECT pg_reload_conf()");
    costs = new GateCosts(demo, book, new GateLoad(demo, folder));
    costs.warmUp();
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

  /** What is dearer by noise is not so every time. */
  @Test
  @Order(1)
  void a_credit_costs_no_more_than_its_limits() throws Exception {
    CostLimits limits = CostLimits.read(LIMITS);
    List<String> exceeded = List.of();

    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Map<String, Double> measured = costs.all();
      System.out.println("costs of a credit: " + measured);
      exceeded = limits.exceeded(measured);
      if (exceeded.isEmpty()) {
        return;
      }
    }

    assertThat(exceeded).as("over the limits of " + LIMITS + ", every time").isEmpty();
  }

  @Test
  @Order(2)
  void one_more_index_is_noticed() throws Exception {
    book.execute("CREATE INDEX planted ON credit (rrn)");
    try {
      assertThat(exceededInBulk()).anyMatch(what -> what.startsWith("bulk.walBytes is "));
    } finally {
      book.execute("DROP INDEX planted");
    }
  }

  @Test
  @Order(3)
  void one_more_update_of_each_credit_is_noticed() throws Exception {
    book.execute(
        """
        CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
          UPDATE credit c SET rrn = f.rrn FROM fresh f
          WHERE c.credit_id = f.credit_id AND c.local_date = f.local_date;
          RETURN NULL;
        END $$""");
    book.execute(
        """
        CREATE TRIGGER planted AFTER INSERT ON credit REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION planted()""");
    try {
      assertThat(exceededInBulk()).anyMatch(what -> what.startsWith("bulk.walBytes is "));
    } finally {
      book.execute("DROP TRIGGER planted ON credit");
      book.execute("DROP FUNCTION planted");
    }
  }

  private static List<String> exceededInBulk() throws Exception {
    Map<String, Double> measured = costs.inBulk();
    System.out.println("planted: " + measured);
    return CostLimits.read(LIMITS).of("bulk.").exceeded(measured);
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
