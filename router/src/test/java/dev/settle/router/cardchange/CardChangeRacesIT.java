package dev.settle.router.cardchange;

import static dev.settle.router.testing.World.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.binding.AccountStatus;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.World;
import io.vertx.core.Future;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two at once, with real concurrency in a real database: one wins, the other is told. */
@ExtendWith(InvariantsHold.class)
class CardChangeRacesIT {

  private static final int ROUNDS = 400;
  private static final int MERCHANTS = 8;

  private final Random random = new Random(Seeds.of(this));
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void of_two_checkers_one_approves(World world) throws Exception {
    Changes changes = onboarded(world);
    for (int round = 0; round < ROUNDS; round++) {
      long id = changes.verified(1 + round % MERCHANTS, round, null);
      List<String> outcomes =
          race(
              () -> await(changes.store.approve(id, "bob")).outcome(),
              () -> await(changes.store.approve(id, "carol")).outcome());
      assertThat(outcomes).as("round " + round).containsExactlyInAnyOrder("DONE", "STATE");
    }
    assertThat(steps(world, "APPROVED")).isEqualTo(ROUNDS);
    assertThat(steps(world, "EFFECTIVE")).isEqualTo(ROUNDS);
    assertThat(world.queryLong("SELECT count(*) FROM binding WHERE change_id IS NOT NULL"))
        .isEqualTo(ROUNDS);
    assertConsistent(world);
  }

  @Test
  void of_two_applications_one_is_taken(World world) throws Exception {
    Changes changes = onboarded(world);
    for (int round = 0; round < ROUNDS; round++) {
      int merchant = 1 + round % MERCHANTS;
      int card = 2 * round;
      List<CardChangeStore.Submitted> both =
          race(
              () -> await(changes.submit(merchant, card, ChangeReason.LOST_CARD, null, "alice")),
              () ->
                  await(changes.submit(merchant, card + 1, ChangeReason.LOST_CARD, null, "adam")));
      assertThat(both.stream().map(CardChangeStore.Submitted::outcome))
          .as("round " + round)
          .containsExactlyInAnyOrder("SUBMITTED", "OPEN");
      assertThat(both.get(0).changeId()).isEqualTo(both.get(1).changeId());
      await(
          changes.store.end(
              both.get(0).changeId(), ChangeState.REJECTED, "bob", Mover.CHECKER, "no"));
    }
    assertThat(world.queryLong("SELECT count(*) FROM card_change")).isEqualTo(ROUNDS);
    assertThat(world.queryLong("SELECT count(*) FROM account WHERE status = 'RESTRICTED'"))
        .isEqualTo(MERCHANTS);
    assertConsistent(world);
  }

  @Test
  void of_withdrawing_and_approving_one_happens(World world) throws Exception {
    Changes changes = onboarded(world);
    int approved = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long id = changes.verified(1 + round % MERCHANTS, round, null);
      List<String> outcomes =
          race(
              () -> await(changes.store.approve(id, "bob")).outcome(),
              () ->
                  await(changes.store.end(id, ChangeState.WITHDRAWN, "alice", Mover.MAKER, ""))
                      .outcome());
      assertThat(outcomes).as("round " + round).containsExactlyInAnyOrder("DONE", "STATE");
      boolean won = outcomes.get(0).equals("DONE");
      assertThat(changes.state(id)).isEqualTo(won ? "EFFECTIVE" : "WITHDRAWN");
      approved += won ? 1 : 0;
    }
    assertThat(approved).as("both happen").isBetween(1, ROUNDS - 1);
    assertThat(steps(world, "EFFECTIVE")).isEqualTo(approved);
    assertConsistent(world);
  }

  @Test
  void a_scheduled_change_is_put_into_force_once_by_whichever_node(World world) throws Exception {
    Changes changes = new Changes(world);
    changes.onboard(ROUNDS);
    OffsetDateTime from = OffsetDateTime.now().plusSeconds(20);
    for (int n = 1; n <= ROUNDS; n++) {
      changes.submitted(n, n, from);
    }
    changes.verifyAll();
    List<Long> ids = ids(world);
    for (long id : ids) {
      assertThat(await(changes.store.approve(id, "bob")).state()).isEqualTo("SCHEDULED");
    }
    assertThat(await(changes.due.activateNext())).as("before its time").isNull();
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> OffsetDateTime.now().isAfter(from));

    Callable<Integer> node =
        () -> {
          int moved = 0;
          while (await(changes.due.activateNext()) != null) {
            moved++;
          }
          return moved;
        };
    List<Integer> moved = race(node, node, node, node);

    assertThat(moved.stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROUNDS);
    assertThat(moved.stream().filter(n -> n > 0).count())
        .as("more than one took part")
        .isGreaterThan(1);
    assertThat(world.queryLong("SELECT count(*) FROM binding WHERE change_id IS NOT NULL"))
        .isEqualTo(ROUNDS);
    assertThat(steps(world, "EFFECTIVE")).isEqualTo(ROUNDS);
    assertThat(
            world.queryLong("SELECT count(*) FROM card_change WHERE effective_at < effective_from"))
        .isZero();
    assertConsistent(world);
  }

  @Test
  void one_lease_is_given_for_each_verification(World world) throws Exception {
    Changes changes = onboarded(world);
    for (int round = 0; round < ROUNDS / MERCHANTS; round++) {
      for (int n = 1; n <= MERCHANTS; n++) {
        changes.submitted(n, round * MERCHANTS + n, null);
      }
      Callable<Integer> node = () -> await(changes.due.lease(MERCHANTS)).size();
      assertThat(race(node, node, node).stream().mapToInt(Integer::intValue).sum())
          .as("round " + round)
          .isEqualTo(MERCHANTS);
      for (long id : ids(world)) {
        await(changes.store.end(id, ChangeState.WITHDRAWN, "alice", Mover.MAKER, ""));
      }
    }
  }

  /** Everything at once, on few merchants: no deadlock, and every promise of the rows holds. */
  @Test
  void a_storm_of_all_of_it_leaves_the_rows_in_order(World world) throws Exception {
    Changes changes = onboarded(world);
    List<Callable<Integer>> storms = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      Random own = new Random(random.nextLong());
      storms.add(
          () -> {
            int done = 0;
            for (int i = 0; i < 3 * ROUNDS; i++) {
              await(anything(world, changes, own));
              done++;
            }
            return done;
          });
    }
    assertThat(race(storms)).containsOnly(3 * ROUNDS);
    assertThat(steps(world, "EFFECTIVE")).as("it was a storm").isGreaterThan(20);
    assertConsistent(world);
  }

  private static Future<?> anything(World world, Changes changes, Random random) throws Exception {
    int merchant = 1 + random.nextInt(3);
    long id = openChange(world, merchant);
    return switch (random.nextInt(9)) {
      case 0, 1 ->
          changes.submit(
              merchant,
              random.nextInt(6),
              ChangeReason.values()[random.nextInt(ChangeReason.values().length)],
              random.nextBoolean()
                  ? null
                  : OffsetDateTime.now().plusNanos(random.nextInt(20_000_000)),
              "alice");
      case 2, 3 -> {
        changes.verifyAll();
        yield Future.succeededFuture();
      }
      case 4, 5 -> changes.store.approve(id, "bob");
      case 6 ->
          random.nextInt(4) > 0
              ? changes.due.activateNext()
              : changes.store.end(id, ChangeState.WITHDRAWN, "alice", Mover.MAKER, "");
      case 7 ->
          random.nextInt(4) > 0
              ? changes.due.expire()
              : changes.store.end(id, ChangeState.REJECTED, "bob", Mover.CHECKER, "no");
      default ->
          world
              .bindings()
              .setStatus(
                  world.queryLong(
                      "SELECT account_id FROM account WHERE merchant_id = '"
                          + World.merchantId(merchant)
                          + "' ORDER BY random() LIMIT 1"),
                  random.nextInt(5) == 0 ? AccountStatus.FROZEN : AccountStatus.ACTIVE,
                  "storm",
                  "operator-1");
    };
  }

  private static long openChange(World world, int merchant) throws Exception {
    return world.queryLong(
        "SELECT coalesce(max(change_id), 0) FROM card_change WHERE merchant_id = '"
            + World.merchantId(merchant)
            + "'");
  }

  private Changes onboarded(World world) throws Exception {
    Changes changes = new Changes(world);
    changes.onboard(MERCHANTS);
    return changes;
  }

  private static List<Long> ids(World world) throws Exception {
    List<Long> ids = new ArrayList<>();
    for (String id :
        world
            .queryText("SELECT string_agg(change_id::text, ',') FROM card_change WHERE open")
            .split(",")) {
      ids.add(Long.parseLong(id));
    }
    return ids;
  }

  private static long steps(World world, String to) throws Exception {
    return world.queryLong("SELECT count(*) FROM card_change_step WHERE to_state = '" + to + "'");
  }

  /** History, state and binding tell the same story. */
  private static void assertConsistent(World world) throws Exception {
    assertThat(
            world.queryText(
                """
                SELECT string_agg(c.change_id::text, ',') FROM card_change c
                WHERE c.state <> (SELECT to_state FROM card_change_step s WHERE s.change_id = c.change_id
                                  ORDER BY step_no DESC LIMIT 1)
                   OR c.steps <> (SELECT count(*) FROM card_change_step s WHERE s.change_id = c.change_id)
                   OR EXISTS (SELECT FROM card_change_step s JOIN card_change_step n
                                ON n.change_id = s.change_id AND n.step_no = s.step_no + 1
                              WHERE s.change_id = c.change_id AND s.to_state <> n.from_state)
                """))
        .as("changes whose history does not lead to their state")
        .isNull();
    assertThat(
            world.queryLong(
                """
                SELECT count(*) FROM card_change c
                LEFT JOIN binding b ON b.change_id = c.change_id AND b.version = c.version AND b.account_id = c.account_id
                WHERE (c.state IN ('EFFECTIVE', 'SUPERSEDED')) <> (b.version IS NOT NULL)
                   OR (c.state = 'EFFECTIVE') <> coalesce(upper_inf(b.effective), false)
                """))
        .as("changes whose binding is not theirs")
        .isZero();
    assertThat(
            world.queryLong(
                """
                SELECT count(*) FROM account a WHERE a.status <> (
                  SELECT status FROM account_status_change s WHERE s.account_id = a.account_id ORDER BY fence_no DESC LIMIT 1)
                """))
        .as("accounts whose status is not the latest change's")
        .isZero();
  }

  @SafeVarargs
  private <T> List<T> race(Callable<T>... runners) throws Exception {
    return race(List.of(runners));
  }

  /** Runs them from one moment on, each after a random part of a millisecond. */
  private <T> List<T> race(List<Callable<T>> runners) throws Exception {
    CyclicBarrier start = new CyclicBarrier(runners.size());
    List<java.util.concurrent.Future<T>> running = new ArrayList<>();
    for (Callable<T> runner : runners) {
      int head = random.nextInt(1_000_000);
      running.add(
          threads.submit(
              () -> {
                start.await();
                long begin = System.nanoTime() + head;
                while (System.nanoTime() < begin) {
                  Thread.onSpinWait();
                }
                return runner.call();
              }));
    }
    List<T> results = new ArrayList<>();
    for (java.util.concurrent.Future<T> one : running) {
      results.add(one.get(120, TimeUnit.SECONDS));
    }
    return results;
  }
}
