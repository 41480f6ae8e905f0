package dev.settle.router.credit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every 2xx is kept by the test's terminals; the check after each test finds it in the book. */
@ExtendWith(InvariantsHold.class)
class I1AcknowledgedIsDurableIT {

  @Test
  void the_database_keeps_what_it_confirms(World world) throws Exception {
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      assertThat(world.queryText("SHOW " + setting)).isEqualTo("on");
    }
  }

  @Test
  void connections_cut_in_the_middle_of_commits_lose_no_acknowledged_sale(World world)
      throws Exception {
    long seed = Seeds.of(this);
    Random random = new Random(seed);
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, 20);
    Traffic traffic = Traffic.start(List.of(one, two), 20, 4, 2, seed);

    for (int cut = 0; cut < 40; cut++) {
      TimeUnit.MILLISECONDS.sleep(20 + random.nextInt(100));
      world.cutDatabaseConnections();
    }

    traffic.stop();
    assertThat(traffic.repeated()).isPositive();
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(traffic.sales());
    world.settle();
    assertThat(world.verify().posted().credits()).isEqualTo(traffic.sales());
  }

  @Test
  void a_database_that_crashes_loses_no_acknowledged_sale(World world) throws Exception {
    long seed = Seeds.of(this);
    Random random = new Random(seed);
    Api api = world.startNode();
    world.onboard(api, 20);
    Traffic traffic = Traffic.start(List.of(api), 20, 4, 2, seed);

    for (int crash = 0; crash < 3; crash++) {
      TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(500));
      world.crashDatabase();
    }

    traffic.stop();
    assertThat(traffic.repeated()).isPositive();
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isEqualTo(traffic.sales());
    world.settle();
    assertThat(world.verify().posted().credits()).isEqualTo(traffic.sales());
  }

  @Test
  void a_commit_that_nobody_confirmed_is_answered_503_and_sent_again_gives_one_credit(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    assertThat(api.sell(Documents.saleJson(1, 1)).status()).isEqualTo(201);
    String sale = Documents.saleJson(1, 2);
    CompletableFuture<Api.Answer> answer;
    // The commit waits for the table, and its connection is cut while it waits.
    try (Connection blocker = world.connect();
        Statement lock = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      lock.execute("LOCK TABLE credit IN EXCLUSIVE MODE");
      answer =
          CompletableFuture.supplyAsync(() -> api.sell(sale), task -> new Thread(task).start());
      Awaitility.await("the commit waits")
          .until(
              () ->
                  world.queryLong(
                          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                              + " AND application_name LIKE 'settle recorder%' AND wait_event_type = 'Lock'")
                      > 0);
      world.cutDatabaseConnections();
      blocker.rollback();
    }

    assertThat(answer.get(60, TimeUnit.SECONDS).status()).isEqualTo(503);
    assertThat(answer.get().json().path("code").asText()).isEqualTo("not-confirmed");
    int again = api.sell(sale).status();
    assertThat(again).isIn(200, 201);
    assertThat(api.sell(sale).status()).isEqualTo(200);
    assertThat(world.queryLong("SELECT count(*) FROM credit WHERE stan = 2")).isEqualTo(1);
    world.settle();
  }
}
