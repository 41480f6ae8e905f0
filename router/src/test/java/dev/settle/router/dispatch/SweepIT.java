package dev.settle.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.credit.Batch;
import dev.settle.router.credit.BatchState;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.CrookedBank;
import dev.settle.router.testing.CrookedBank.Manner;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class SweepIT {

  private static final int SALES = 30;

  /** A node recorded sales, one batch each, and died before it claimed any. */
  private static long deadOwnerOf(World world) throws Exception {
    Api dying = world.startNode(1);
    world.onboard(dying, 1);
    try (Connection fence = world.connect();
        Statement lock = fence.createStatement()) {
      fence.setAutoCommit(false);
      lock.execute("SELECT pg_advisory_xact_lock(7001, merchant_bucket('M000001'))");
      for (int stan = 0; stan < SALES; stan++) {
        assertThat(dying.sell(Documents.saleJson(1, stan)).status()).isEqualTo(201);
      }
      world.kill(0);
      fence.rollback();
    }
    return world.queryLong("SELECT min(node_id) FROM node_lease");
  }

  @Test
  void a_living_owner_keeps_its_batches_and_a_dead_one_loses_each_to_one_other(World world)
      throws Exception {
    long dead = deadOwnerOf(world);
    List<DispatchStore> others = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      long id = World.await(NodeLease.take(world.pool(), "other-" + n)).nodeId();
      others.add(new DispatchStore(world.pool(), id));
    }
    lease(world, dead, "1 hour");
    assertThat(World.await(others.get(0).takeOver(List.of(), List.of(), 100))).isEmpty();

    lease(world, dead, "-1 second");
    List<Future<List<Batch>>> catches = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      others.forEach(other -> catches.add(other.takeOver(List.of(), List.of(), 7)));
    }

    Set<Long> taken = new HashSet<>();
    for (Future<List<Batch>> one : catches) {
      for (Batch batch : World.await(one)) {
        assertThat(taken.add(batch.batchId())).as("taken twice").isTrue();
        assertThat(batch.epoch()).isEqualTo(1);
        assertThat(batch.members()).hasSize(1);
      }
    }
    World.await(others.get(0).takeOver(List.of(), List.of(), 100))
        .forEach(batch -> taken.add(batch.batchId()));
    assertThat(taken).hasSize(SALES);
    world.execute("UPDATE node_lease SET lease_until = now()");
    world.startNode(1);
    world.settle();
  }

  @Test
  void whoever_lost_a_batch_can_write_nothing_to_it(World world) throws Exception {
    long dead = deadOwnerOf(world);
    lease(world, dead, "-1 second");
    NodeLease first = World.await(NodeLease.take(world.pool(), "first"));
    NodeLease second = World.await(NodeLease.take(world.pool(), "second"));
    DispatchStore ofDead = new DispatchStore(world.pool(), dead);
    DispatchStore ofFirst = new DispatchStore(world.pool(), first.nodeId());
    DispatchStore ofSecond = new DispatchStore(world.pool(), second.nodeId());

    Consignment recorded = consignment(World.await(ofFirst.takeOver(List.of(), List.of(), 100)));
    assertThat(World.await(ofDead.claim(asRecorded(recorded), false)).claimed()).isEmpty();
    assertThat(World.await(ofFirst.claim(asRecorded(recorded), false)).claimed()).hasSize(SALES);
    World.await(first.giveUp());
    Consignment sent = consignment(World.await(ofSecond.takeOver(List.of(), List.of(), 100)));
    assertThat(sent.batches()).hasSize(SALES);
    assertThat(sent.batches()).allSatisfy(b -> assertThat(b.state()).isEqualTo(BatchState.SENT));
    assertThat(sent.batches()).allSatisfy(b -> assertThat(b.epoch()).isEqualTo(2));

    String before = rows(world);
    assertThat(World.await(ofFirst.settle(recorded, List.of(), "first")).settled()).isEmpty();
    assertThat(World.await(ofFirst.settle(sent, List.of(), "first")).settled()).isEmpty();
    World.await(ofFirst.doubt(recorded, java.time.Duration.ofHours(1)));
    World.await(ofFirst.putOff(recorded.batches(), java.time.Duration.ofHours(1)));
    assertThat(rows(world)).isEqualTo(before);
    assertThat(world.booked()).isEmpty();

    World.await(second.giveUp());
    world.startNode(1);
    world.settle();
    assertThat(world.booked()).hasSize(SALES);
  }

  @Test
  void what_cannot_be_sent_does_not_stand_before_what_can(World world) throws Exception {
    CrookedBank bank = world.crookedBank();
    bank.treat(n -> Manner.CUT_BEFORE_BOOKING);
    Api api = world.startNode(1, bank.address());
    world.onboard(api, 1);
    // More than one catch of the sweep.
    for (int stan = 0; stan < 230; stan++) {
      api.sell(Documents.saleJson(1, stan));
    }
    String last = api.sell(Documents.saleJson(1, 999)).json().path("creditId").asText();
    world.kill(0);
    world.execute(
        "UPDATE credit_batch SET rail = 'gone', retry_at = NULL"
            + " WHERE batch_id < (SELECT max(batch_id) FROM credit_batch)");
    world.execute("UPDATE node_lease SET lease_until = now()");
    bank.treat(n -> Manner.HONEST);
    world.startNode(1, bank.address());

    Awaitility.await("the last is posted")
        .atMost(java.time.Duration.ofSeconds(30))
        .until(
            () ->
                world.booked().stream().anyMatch(booking -> booking.endToEndId().startsWith(last)));
    Awaitility.await("and settled")
        .until(
            () -> world.queryLong("SELECT count(*) FROM credit_batch WHERE state = 'POSTED'") == 1);
  }

  private static ClaimPlan asRecorded(Consignment consignment) {
    return new ClaimPlan(consignment, consignment.items(), List.of());
  }

  private static Consignment consignment(List<Batch> batches) {
    return new Consignment("sandbox", "CNY", 0, batches);
  }

  private static String rows(World world) throws Exception {
    return world.queryText("SELECT string_agg(b::text, ';' ORDER BY batch_id) FROM credit_batch b");
  }

  private static void lease(World world, long owner, String left) throws Exception {
    world.execute(
        "UPDATE node_lease SET lease_until = clock_timestamp() + interval '"
            + left
            + "' WHERE node_id = "
            + owner);
  }
}
