package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.platform.Limits;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.CrookedBank;
import dev.settle.router.testing.CrookedBank.Manner;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class I8NothingWaitsWithoutBoundIT {

  private static final String LEASE_SECONDS =
      "SELECT extract(epoch FROM max(lease_until))::bigint FROM node_lease";

  @Test
  void readers_that_wait_hold_up_no_sale_and_no_lease(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    List<CompletableFuture<Api.Answer>> readers = new ArrayList<>();
    try (Connection blocker = world.connect();
        Statement lock = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      lock.execute("LOCK TABLE standing_rule IN ACCESS EXCLUSIVE MODE");
      for (int n = 0; n < 2 * Limits.QUERY_CONNECTIONS; n++) {
        readers.add(
            CompletableFuture.supplyAsync(
                () -> api.get("/v1/unposted", Role.AUDITOR), task -> new Thread(task).start()));
      }
      Awaitility.await("every connection for queries waits")
          .until(
              () ->
                  world.queryLong(
                          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                              + " AND wait_event_type = 'Lock'")
                      >= Limits.QUERY_CONNECTIONS);
      long renewed = world.queryLong(LEASE_SECONDS);

      // Nobody has asked for this merchant's route before.
      assertThat(api.sell(Documents.saleJson(2, 1)).status()).isEqualTo(201);
      world.settle();
      Awaitility.await("the lease is renewed")
          .until(() -> world.queryLong(LEASE_SECONDS) > renewed);
      blocker.rollback();
    }
    for (CompletableFuture<Api.Answer> reader : readers) {
      // 503 when the machine is so slow that the database gave up meanwhile.
      assertThat(reader.get(60, TimeUnit.SECONDS).status()).isIn(200, 503);
    }
  }

  @Test
  void what_does_not_fit_into_the_queue_to_the_bank_is_left_to_the_sweep_and_posted(World world)
      throws Exception {
    CrookedBank bank = world.crookedBank();
    Api api = world.startNode(1, bank.address());
    world.onboard(api, 50);
    bank.treat(n -> Manner.HELD_BACK);
    int sales = Limits.DISPATCH_QUEUE_CREDITS + 20_000;
    for (int from = 0; from < sales; from += 20_000) {
      List<String> bulk = new ArrayList<>();
      for (int n = from; n < from + 20_000; n++) {
        bulk.add(Documents.saleJson(1 + n % 50, n));
      }
      assertThat(api.sellBulk(bulk)).hasSize(20_000);
    }
    Awaitility.await("the sweep has come by for what did not fit")
        .until(() -> world.queryLong("SELECT count(*) FROM credit_batch WHERE epoch > 0") > 0);

    bank.treat(n -> Manner.HONEST);
    Awaitility.await("all is posted")
        .atMost(java.time.Duration.ofSeconds(90))
        .until(
            () -> {
              bank.release();
              return world.queryLong("SELECT count(*) FROM credit_batch WHERE state <> 'POSTED'")
                  == 0;
            });

    assertThat(world.booked()).hasSize(sales);
  }
}
