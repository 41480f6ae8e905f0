package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One merchant's route changes 50 times a second while two nodes record and claim 1,000 of its
 * sales a second. What came first is what the fence's numbers say, not a clock; the changes are
 * made in the database and told to nobody, so that every node's memory is old all the time.
 */
@ExtendWith(InvariantsHold.class)
class RouteRacesIT {

  private static final int SECONDS = 8;
  private static final int CHANGES_PER_SECOND = 50;
  private static final int SALES_PER_SECOND = 1_000;
  private static final int NODES = 2;

  /** Bulks of each node a second. */
  private static final int BULKS_PER_SECOND = 25;

  /** A claim and a route change of its merchant that stand next to each other in the one order. */
  private static final String INTERLEAVINGS =
      """
      SELECT count(*) FROM (
        SELECT kind, lag(kind) OVER (ORDER BY no) AS before FROM (
          SELECT claim_no AS no, 'claim' AS kind FROM credit_batch WHERE claim_no IS NOT NULL
          UNION ALL SELECT fence_no, 'change' FROM route_change) one_order) x
      WHERE kind <> before
      """;

  /** Claims by another version than the last before them in the one order. */
  private static final String SUPERSEDED =
      """
      SELECT count(*) FROM (
        SELECT c.merchant_id, b.claim_no, coalesce(x.to_version, c.binding_version) AS version
        FROM credit c
        LEFT JOIN LATERAL (SELECT * FROM credit_exception e WHERE e.credit_id = c.credit_id
                           ORDER BY exception_no DESC LIMIT 1) x ON true
        JOIN credit_batch b ON b.batch_id = coalesce(x.to_batch, c.credit_id >> 12)
        WHERE b.claim_no IS NOT NULL AND (x.credit_id IS NULL OR x.to_batch IS NOT NULL)) s
      WHERE version <> (SELECT max(r.version) FROM route_change r
                        WHERE r.merchant_id = s.merchant_id AND r.fence_no < s.claim_no)
      """;

  private final AtomicBoolean selling = new AtomicBoolean(true);
  private final AtomicInteger stans = new AtomicInteger();
  private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();

  /** A change of the route, the nth. */
  @FunctionalInterface
  private interface Change {
    void make(int n) throws Exception;
  }

  @Test
  void a_change_of_card_against_claims(World world) throws Exception {
    Random random = new Random(Seeds.of(this));
    List<Api> nodes = List.of(world.startNode(), world.startNode());
    world.onboard(nodes.get(0), 1);
    long[] cards = {world.accountOf(1), world.addAccount(1, "6222029000000019001")};

    race(world, nodes, n -> world.bind("M000001", "", cards[random.nextInt(2)]));

    assertThat(world.queryLong("SELECT count(*) FROM credit_exception WHERE kind <> 'REROUTED'"))
        .isZero();
    assertThat(world.booked()).hasSize(stans.get());
  }

  @Test
  void a_freeze_against_claims(World world) throws Exception {
    Seeds.of(this);
    List<Api> nodes = List.of(world.startNode(), world.startNode());
    world.onboard(nodes.get(0), 1);
    long card = world.accountOf(1);

    race(
        world,
        nodes,
        n ->
            World.await(
                world
                    .bindings()
                    .setStatus(
                        card,
                        n % 2 == 0 ? AccountStatus.FROZEN : AccountStatus.ACTIVE,
                        "test",
                        "test")));

    assertThat(world.queryLong("SELECT count(*) FROM credit_exception WHERE kind = 'HELD'"))
        .as("credits that a freeze stopped")
        .isPositive();
    assertThat(world.booked()).hasSize(stans.get());
  }

  private void race(World world, List<Api> nodes, Change change) throws Exception {
    world.silenceRouteChanges();
    List<Thread> terminals = new ArrayList<>();
    for (Api node : nodes) {
      Thread thread = new Thread(() -> sell(node), "terminals");
      terminals.add(thread);
      thread.start();
    }
    int changes = change(change);
    selling.set(false);
    for (Thread terminal : terminals) {
      terminal.join();
    }
    assertThat(faults).isEmpty();
    Awaitility.await("all is posted")
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> world.booked().size() >= stans.get());
    world.settle();
    long interleavings = world.queryLong(INTERLEAVINGS);
    long departures = world.queryLong("SELECT count(*) FROM credit_exception");
    System.out.printf(
        "RouteRacesIT: %d sales, %d changes, %d claims, %d times a claim met a change,"
            + " %d times a change came between a credit's decision and its claim%n",
        stans.get(),
        changes,
        world.queryLong("SELECT count(*) FROM credit_batch WHERE claim_no IS NOT NULL"),
        interleavings,
        departures);
    assertThat(interleavings).as("claims next to changes").isPositive();
    assertThat(departures).as("changes between a decision and its claim").isGreaterThan(2_000);
    assertThat(world.queryLong(SUPERSEDED)).isZero();
    awaitAudit(nodes);
  }

  private static int change(Change change) throws Exception {
    long start = System.nanoTime();
    int count = SECONDS * CHANGES_PER_SECOND;
    for (int n = 0; n < count; n++) {
      change.make(n);
      pause(start + (n + 1) * TimeUnit.SECONDS.toNanos(1) / CHANGES_PER_SECOND);
    }
    return count;
  }

  private void sell(Api node) {
    long start = System.nanoTime();
    try {
      for (int bulk = 1; selling.get(); bulk++) {
        List<String> sales = new ArrayList<>();
        for (int i = 0; i < SALES_PER_SECOND / NODES / BULKS_PER_SECOND; i++) {
          sales.add(Documents.saleJson(1, stans.getAndIncrement()));
        }
        for (JsonNode answer : node.sellBulk(sales)) {
          assertThat(answer.path("outcome").asText()).isEqualTo("ACCEPTED");
        }
        pause(start + bulk * TimeUnit.SECONDS.toNanos(1) / BULKS_PER_SECOND);
      }
    } catch (Throwable fault) {
      faults.add(fault);
    }
  }

  private static void pause(long until) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(Math.max(0, until - System.nanoTime()));
  }

  /** The audit looks every two seconds at what was claimed before the look before. */
  private static void awaitAudit(List<Api> nodes) throws InterruptedException {
    TimeUnit.SECONDS.sleep(5);
    for (Api node : nodes) {
      assertThat(node.metric("settlement_superseded_dispatch_total")).isZero();
    }
  }
}
