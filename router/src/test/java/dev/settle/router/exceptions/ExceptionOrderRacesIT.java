package dev.settle.router.exceptions;

import static dev.settle.router.exceptions.Exceptions.byReason;
import static dev.settle.router.exceptions.Exceptions.of;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.BankControl;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.World;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Orders against everything that moves the same credits at the same time. */
@ExtendWith(InvariantsHold.class)
class ExceptionOrderRacesIT {

  private static final int MERCHANTS = 4;

  @Test
  void orders_race_claims_answers_freezes_and_card_changes_and_each_credit_is_paid_once(World world)
      throws Exception {
    long seed = Seeds.of(this);
    Random random = new Random(seed);
    List<Api> nodes = List.of(world.startNode(1), world.startNode(1));
    world.onboard(nodes.get(0), MERCHANTS);
    BankControl bank = new BankControl(world.bankPort());
    bank.faults("{\"rejectRate\":0.3}");
    AtomicBoolean stop = new AtomicBoolean();
    Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    List<Thread> operators = new ArrayList<>();
    for (int n = 0; n < 2; n++) {
      Random own = new Random(seed + 1 + n);
      Api node = nodes.get(n).as("operator-" + n);
      Thread operator = new Thread(() -> order(new Exceptions(node), own, stop, faults));
      operators.add(operator);
      operator.start();
    }
    int sold = 0;
    for (int round = 0; round < 12; round++) {
      int merchant = 1 + random.nextInt(MERCHANTS);
      int count = 20 + random.nextInt(100);
      if (random.nextBoolean()) {
        setStatus(world, merchant, AccountStatus.FROZEN);
      }
      nodes.get(random.nextInt(2)).sellBulk(ExceptionOrdersIT.sales(merchant, sold, count));
      sold += count;
      TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
      if (random.nextInt(4) == 0) {
        String card = String.format("6222029%08d9%03d", sold, 100 + round);
        world.bind(World.merchantId(merchant), "", world.addAccount(merchant, card));
      }
      setStatus(world, merchant, AccountStatus.ACTIVE);
    }
    stop.set(true);
    for (Thread operator : operators) {
      operator.join();
    }
    assertThat(faults).isEmpty();
    bank.faults("{}");
    release(world, new Exceptions(nodes.get(0)), sold);

    Set<String> paid = new HashSet<>();
    world.booked().forEach(b -> assertThat(paid.add(credit(b.endToEndId()))).isTrue());
    assertThat(paid).hasSize(sold);
    assertThat(world.queryLong("SELECT count(*) FROM exception_order WHERE state <> 'DONE'"))
        .isZero();
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM exception_order o WHERE done <>"
                    + " (SELECT count(*) FROM exception_order_item i WHERE i.order_id = o.order_id AND outcome IS NOT NULL)"))
        .isZero();
    System.out.println(
        "ExceptionOrderRacesIT: "
            + sold
            + " credits, "
            + world.queryLong("SELECT count(*) FROM exception_order")
            + " orders, outcomes "
            + world.queryText(
                "SELECT string_agg(outcome || ' ' || n, ', ') FROM (SELECT outcome, count(*) AS n"
                    + " FROM exception_order_item GROUP BY outcome ORDER BY n DESC) o"));
  }

  private static void order(
      Exceptions operator, Random random, AtomicBoolean stop, Queue<Throwable> faults) {
    String[] actions = {"HOLD", "RELEASE", "REROUTE", "HOLD", "RELEASE", "HAND_OVER"};
    try {
      while (!stop.get()) {
        String merchant = World.merchantId(1 + random.nextInt(MERCHANTS));
        JsonObject filter = new JsonObject().put("merchantId", merchant);
        Api.Answer answer =
            operator.order(operator.ordering(of(actions[random.nextInt(actions.length)], filter)));
        if (answer.status() != 202 && answer.status() != 409) {
          throw new AssertionError(answer.status() + " " + answer.body());
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(60));
      }
    } catch (Throwable fault) {
      faults.add(fault);
    }
  }

  /** Ends every hold and lets go on what the bank refused, until all of it is paid. */
  private static void release(World world, Exceptions operator, int sold) {
    Awaitility.await("all is paid")
        .atMost(90, TimeUnit.SECONDS)
        .pollInterval(500, TimeUnit.MILLISECONDS)
        .until(
            () -> {
              for (String reason : List.of("OPERATOR_HOLD", "UNSPECIFIED")) {
                JsonNode preview = operator.preview(of("RELEASE", byReason(reason)));
                if (preview.path("count").asInt() > 0) {
                  operator.order(operator.ordering(of("RELEASE", byReason(reason))));
                }
              }
              return world.booked().size() >= sold;
            });
    world.settle();
    Awaitility.await("no order runs")
        .until(
            () ->
                world.queryLong("SELECT count(*) FROM exception_order WHERE state = 'RUNNING'")
                    == 0);
  }

  private static String credit(String endToEndId) {
    return endToEndId.substring(0, endToEndId.indexOf('-'));
  }

  /** As of a releaser that stood still between its look at the route and its commit. */
  @Test
  void a_release_that_was_decided_before_the_hold_lets_nothing_go_after_it(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    List<String> credits = held(world, api, 0, 1_000).subList(0, 1);
    new Exceptions(api).carryOut(of("HOLD", credits));
    setStatus(world, 1, AccountStatus.ACTIVE);
    paid(world, 999);

    String released =
        world.queryText(
            """
            SELECT r.o_released::text FROM credit_exception e JOIN merchant m USING (merchant_id)
            CROSS JOIN LATERAL release_credits((SELECT max(node_id) FROM node_lease), '{sandbox}', '{CNY}', ARRAY[e.credit_id],
              ARRAY[e.exception_no], '{1}', ARRAY[(SELECT min(account_id) FROM account)], ARRAY[m.route_version], ARRAY[e.reason],
              '{NULL}'::timestamptz[]) r
            WHERE e.closed_at IS NULL
            """);

    assertThat(released).isEqualTo("{}");
    assertThat(new Exceptions(api).credit(credits.get(0)).path("reason").asText())
        .isEqualTo("OPERATOR_HOLD");
  }

  @Test
  void two_nodes_carry_out_one_order_and_no_credit_has_two_turns(World world) throws Exception {
    List<Api> nodes = List.of(world.startNode(1), world.startNode(1));
    world.onboard(nodes.get(0), 1);
    new BankControl(world.bankPort()).faults("{\"latencyMs\":50}");
    Exceptions operator = new Exceptions(nodes.get(0));
    AtomicBoolean stop = new AtomicBoolean();
    // No lease keeps one of them away.
    Thread thief =
        new Thread(
            () -> {
              while (!stop.get()) {
                try {
                  world.execute(
                      "UPDATE exception_order SET worker = 0, lease_until = '-infinity' WHERE state = 'RUNNING'");
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    thief.start();

    // Who comes first takes a step, and one node may be first each time: then more is ordered.
    int rounds = 0;
    try {
      do {
        held(world, nodes.get(0), rounds++ * 4_000, 4_000);
        JsonNode held = operator.carryOut(of("HOLD", byReason("ACCOUNT_FROZEN")));
        setStatus(world, 1, AccountStatus.ACTIVE);
        JsonNode released = operator.carryOut(of("RELEASE", byReason("OPERATOR_HOLD")));
        assertThat(held.path("changed").asInt()).isEqualTo(4_000);
        assertThat(released.path("changed").asInt()).isEqualTo(4_000);
        paid(world, rounds * 4_000);
      } while (nodesThatReleased(world) < nodes.size() && rounds < 5);
    } finally {
      stop.set(true);
      thief.join();
    }

    assertThat(world.queryLong("SELECT count(*) FROM credit_hold_reason"))
        .isEqualTo(rounds * 8_000L);
    assertThat(nodesThatReleased(world)).as("nodes that released").isEqualTo(2);
  }

  private static long nodesThatReleased(World world) throws Exception {
    return world.queryLong(
        "SELECT count(DISTINCT owner) FROM credit_batch b WHERE EXISTS"
            + " (SELECT FROM credit_exception e WHERE e.to_batch = b.batch_id)");
  }

  @Test
  void a_node_dies_in_the_middle_of_an_order_and_another_finishes_it(World world) throws Exception {
    Api dying = world.startNode(1);
    Api other = world.startNode(1);
    world.onboard(dying, 1);
    List<String> credits = held(world, dying, 0, 3_000);
    new Exceptions(dying).carryOut(of("HOLD", byReason("ACCOUNT_FROZEN")));
    setStatus(world, 1, AccountStatus.ACTIVE);
    BankControl bank = new BankControl(world.bankPort());
    bank.faults("{\"latencyMs\":400}");
    // The one that is to die has the order; the other would take it only when its lease is over.
    Exceptions operator = new Exceptions(other);
    String id =
        operator
            .order(operator.ordering(of("RELEASE", byReason("OPERATOR_HOLD"))))
            .json()
            .path("orderId")
            .asText();
    Awaitility.await("it is on its way")
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .until(() -> operator.get(id).path("done").asInt() > 0);
    String worker =
        world.queryText(
            "SELECT n.name FROM exception_order o JOIN node_lease n ON n.node_id = o.worker WHERE o.state = 'RUNNING'");
    assertThat(worker).as("it is not done yet").startsWith("node-");
    int dies = Integer.parseInt(worker.substring("node-".length()));
    world.kill(dies);
    bank.faults("{}");
    Exceptions survivor = new Exceptions(dies == 0 ? other : dying);
    int before = survivor.get(id).path("done").asInt();

    JsonNode order = survivor.done(id);

    assertThat(before).isBetween(1, 2_999);
    assertThat(order.path("changed").asInt()).isEqualTo(3_000);
    paid(world, credits.size());
    System.out.println(
        "ExceptionOrderRacesIT: node-" + dies + " died after " + before + " of 3000");
  }

  private static List<String> held(World world, Api api, int first, int count) throws Exception {
    setStatus(world, 1, AccountStatus.FROZEN);
    List<String> credits = new ArrayList<>();
    for (int from = first; from < first + count; from += 1_000) {
      credits.addAll(ExceptionOrdersIT.ids(api.sellBulk(ExceptionOrdersIT.sales(1, from, 1_000))));
    }
    return credits;
  }

  private static void paid(World world, int credits) {
    Awaitility.await(credits + " credits are paid")
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> world.booked().size() >= credits);
    world.settle();
    assertThat(world.booked()).hasSize(credits);
  }

  private static void setStatus(World world, int merchant, AccountStatus status) throws Exception {
    World.await(world.bindings().setStatus(world.accountOf(merchant), status, "test", "test"));
  }
}
