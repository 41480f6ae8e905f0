package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.app.NodeSurgery;
import dev.settle.router.invariant.Witnesses.Booking;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.CrookedBank;
import dev.settle.router.testing.CrookedBank.Manner;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bank books for real and keeps its own books, whatever it says afterwards. */
@ExtendWith(InvariantsHold.class)
class I6PaidAtMostOnceIT {

  /**
   * What a bank never received is given up when its word is final, a minute after it was sent, and
   * it is asked in pauses of 2, 4, 8 seconds and so on: the one after that minute may be the one of
   * 64 seconds.
   */
  private static final Duration AFTER_ALL = Duration.ofSeconds(180);

  private static final String NOT_POSTED =
      "SELECT string_agg(concat_ws(' ', reason, credits, since), ', ')"
          + " FROM (SELECT * FROM unposted LIMIT 20) u";

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HELD_BACK")
  void a_bank_that_answers_so_twice_is_paid_into_once(Manner manner, World world) throws Exception {
    CrookedBank bank = world.crookedBank();
    Api api = world.startNode(2, bank.address());
    world.onboard(api, 5);
    bank.treat(n -> n < 2 ? manner : Manner.HONEST);

    List<String> sales = new ArrayList<>();
    for (int stan = 0; stan < 50; stan++) {
      sales.add(Documents.saleJson(1 + stan % 5, stan));
    }
    api.sellBulk(sales);
    world.settle();

    everythingIsPostedOnce(world, 50);
    assertThat(bank.requests()).isPositive();
  }

  @Test
  void under_traffic_with_every_fault_at_random_each_credit_is_paid_once(World world)
      throws Exception {
    long seed = Seeds.of(this);
    Random random = new Random(seed);
    CrookedBank bank = world.crookedBank();
    Api one = world.startNode(2, bank.address());
    Api two = world.startNode(2, bank.address());
    world.onboard(one, 10);
    List<Manner> faults = new ArrayList<>(List.of(Manner.values()));
    faults.remove(Manner.HELD_BACK);
    bank.treat(
        n -> {
          synchronized (random) {
            return random.nextInt(4) > 0
                ? Manner.HONEST
                : faults.get(random.nextInt(faults.size()));
          }
        });
    Traffic traffic = Traffic.start(List.of(one, two), 10, 3, 10, seed);
    TimeUnit.SECONDS.sleep(4);
    traffic.stop();
    bank.treat(n -> Manner.HONEST);
    world.settle();

    everythingIsPostedOnce(world, traffic.sales());
  }

  @Test
  void after_a_bank_was_down_for_a_while_everything_is_posted_and_nothing_twice(World world)
      throws Exception {
    CrookedBank bank = world.crookedBank();
    Api api = world.startNode(2, bank.address());
    world.onboard(api, 10);
    bank.treat(n -> Manner.CUT_BEFORE_BOOKING);
    Traffic traffic = Traffic.start(List.of(api), 10, 3, 5, Seeds.of(this));
    Awaitility.await("tries in vain").until(() -> bank.requests() >= 4);
    TimeUnit.SECONDS.sleep(1);
    traffic.stop();
    assertThat(world.booked()).isEmpty();
    assertThat(world.queryLong("SELECT count(*) FROM credit_batch WHERE state = 'POSTED'"))
        .isZero();

    bank.treat(n -> Manner.HONEST);
    world.settle();

    everythingIsPostedOnce(world, traffic.sales());
  }

  @Test
  void what_a_node_had_claimed_and_not_sent_when_it_died_is_sent_by_another(World world)
      throws Exception {
    CrookedBank bank = world.crookedBank();
    Api dying = world.startNode(1, bank.address());
    world.onboard(dying, 1);
    try (Connection accounts = world.connect();
        Connection fence = world.connect()) {
      holdFence(fence);
      assertThat(dying.sell(Documents.saleJson(1, 1)).status()).isEqualTo(201);
      // Its route is known by now; the account's number is not, and cannot be read.
      hold(accounts, "LOCK TABLE account IN ACCESS EXCLUSIVE MODE");
      fence.rollback();
      awaitState(world, "SENT");
      world.kill(0);
      accounts.rollback();
    }
    assertThat(bank.requests()).isZero();

    world.startNode(1, bank.address());
    world.settle();

    everythingIsPostedOnce(world, 1);
    assertThat(world.queryLong("SELECT max(epoch) FROM credit_batch")).isPositive();
  }

  @Test
  void what_was_booked_when_its_node_died_is_not_booked_again_by_the_one_that_takes_over(
      World world) throws Exception {
    CrookedBank bank = world.crookedBank();
    Api dying = world.startNode(1, bank.address());
    world.onboard(dying, 5);
    bank.treat(n -> Manner.HELD_BACK);
    sellOneByOne(dying, 20);
    Awaitility.await("booked, not answered").until(() -> bank.heldBack() > 0);
    world.kill(0);
    int bookedBefore = world.booked().size();
    assertThat(bookedBefore).isPositive();
    bank.treat(n -> Manner.HONEST);

    world.startNode(1, bank.address());
    world.settle();

    everythingIsPostedOnce(world, 20);
  }

  @Test
  void a_node_started_again_goes_on_with_what_it_had_sent(World world) throws Exception {
    CrookedBank bank = world.crookedBank();
    Api first = world.startNode(1, bank.address());
    world.onboard(first, 5);
    bank.treat(n -> Manner.CUT_AFTER_BOOKING);
    sellOneByOne(first, 20);
    Awaitility.await("in doubt")
        .until(
            () ->
                world.queryLong("SELECT count(*) FROM credit_batch WHERE state = 'IN_DOUBT'") > 0);
    world.stop(0);
    bank.treat(n -> Manner.HONEST);

    world.startNode(1, bank.address());
    world.settle();

    everythingIsPostedOnce(world, 20);
  }

  @Test
  void a_node_that_wakes_after_a_take_over_writes_nothing_any_more(World world) throws Exception {
    CrookedBank bank = world.crookedBank();
    Api sleeper = world.startNode(1, bank.address());
    Api other = world.startNode(1, bank.address());
    world.onboard(sleeper, 5);
    bank.treat(n -> n < 2 ? Manner.HELD_BACK : Manner.HONEST);
    sellOneByOne(sleeper, 20);
    Awaitility.await("booked, not answered").until(() -> bank.heldBack() == 2);
    NodeSurgery.pause(world.node(0));
    world.settle();
    String before =
        world.queryText("SELECT string_agg(b::text, ';' ORDER BY batch_id) FROM credit_batch b");
    String totals = world.queryText("SELECT sum(posted_minor)::text FROM book_total");
    assertThat(world.queryLong("SELECT count(*) FROM credit_batch WHERE epoch > 0")).isPositive();

    bank.release();
    NodeSurgery.resume(world.node(0));

    // It works again: a sale of it is posted, and so its answers from before have been heard.
    Awaitility.await("the sleeper is back")
        .ignoreExceptions()
        .until(() -> sleeper.sell(Documents.saleJson(1, 1_000)).status() / 100 == 2);
    world.settle();
    assertThat(
            world.queryText(
                "SELECT string_agg(b::text, ';' ORDER BY batch_id) FROM credit_batch b"
                    + " WHERE batch_id <= (SELECT max(batch_id) - 1 FROM credit_batch)"))
        .isEqualTo(before);
    assertThat(totals).isNotBlank();
    everythingIsPostedOnce(world, 21);
    assertThat(other.sell(Documents.saleJson(1, 1_001)).status()).isEqualTo(201);
    world.settle();
  }

  private static void sellOneByOne(Api api, int count) {
    for (int stan = 0; stan < count; stan++) {
      assertThat(api.sell(Documents.saleJson(1 + stan % 5, stan)).status()).isEqualTo(201);
    }
  }

  private static void hold(Connection connection, String sql) throws Exception {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void holdFence(Connection connection) throws Exception {
    hold(connection, "SELECT pg_advisory_xact_lock(7001, merchant_bucket('M000001'))");
  }

  private static void awaitState(World world, String state) {
    Awaitility.await("a batch is " + state)
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () ->
                world.queryLong("SELECT count(*) FROM credit_batch WHERE state = '" + state + "'")
                    > 0);
  }

  private static void everythingIsPostedOnce(World world, int sales) throws Exception {
    // A credit may have left its batch for a next attempt: no batch on its way is not enough.
    Awaitility.await("everything is posted")
        .pollInterval(250, TimeUnit.MILLISECONDS)
        .atMost(AFTER_ALL)
        .untilAsserted(() -> assertThat(world.queryText(NOT_POSTED)).isNull());
    List<Booking> booked = world.booked();
    assertThat(booked).hasSize(sales);
    assertThat(booked).extracting(Booking::endToEndId).doesNotHaveDuplicates();
    assertThat(world.verify().posted().credits()).isEqualTo(sales);
  }
}
