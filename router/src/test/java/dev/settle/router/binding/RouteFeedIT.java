package dev.settle.router.binding;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.map.IMap;
import dev.settle.router.app.NodeSurgery;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node hears of changed routes though the cluster tells it nothing. */
@ExtendWith(InvariantsHold.class)
class RouteFeedIT {

  private static final String MERCHANT = "M000001";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static int inUse(World world, int node) {
    Integer version = NodeSurgery.bindings(world.node(node)).versionInUse(MERCHANT);
    return version == null ? 0 : version;
  }

  /** As a node does that dies between its commit and its word to the cluster. */
  private static int changeSilently(World world, int change) throws Exception {
    long card = world.addAccount(1, String.format("62220290%011d", change));
    return world.bind(MERCHANT, "", card);
  }

  private static void awaitInUse(World world, int node, int version) {
    Awaitility.await("node " + node + " routes by version " + version)
        .atMost(PATIENCE)
        .until(() -> inUse(world, node) == version);
  }

  private static String health(Api api) {
    return api.getManagement("/health/ready").json().path("checks").path("bindings").asText();
  }

  @Test
  void a_change_that_nobody_announced_is_notified_by_the_database(World world) throws Exception {
    Api one = world.startNode(1);
    Api two = world.startNode(1);
    world.onboard(one, 1);
    one.sell(Documents.saleJson(1, 1));
    two.sell(Documents.saleJson(1, 2));
    world.settle();
    double measured = two.metric("settlement_binding_staleness_seconds_count");

    int version = changeSilently(world, 1);

    awaitInUse(world, 0, version);
    awaitInUse(world, 1, version);
    Awaitility.await("the staleness is measured, of the canary too")
        .atMost(PATIENCE)
        .until(() -> two.metric("settlement_binding_staleness_seconds_count") > measured + 2);
    assertThat(two.metric("settlement_binding_version_lag")).isZero();
  }

  @Test
  void a_change_that_was_not_even_notified_is_found(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    api.sell(Documents.saleJson(1, 1));
    world.settle();
    String noisy = world.queryText("SELECT pg_get_functiondef('begin_route_change'::regproc)");
    assertThat(noisy).contains("PERFORM pg_notify");
    world.execute(noisy.replace("PERFORM pg_notify", "-- "));

    for (int change = 1; change <= 3; change++) {
      awaitInUse(world, 0, changeSilently(world, change));
    }
  }

  @Test
  void a_route_that_only_the_clusters_map_has_is_taken_out_of_it_when_it_is_older(World world)
      throws Exception {
    world.startNode(1);
    IMap<String, MerchantRoute> map = NodeSurgery.member(world.node(0)).getMap(RouteMap.NAME);
    map.set("M1", RouteSerializersIT.route(3));

    assertThat(map.executeOnKey("M1", new RemoveIfOlder(3))).isFalse();
    assertThat(map.executeOnKey("M1", new RemoveIfOlder(4))).isTrue();
    assertThat(map.executeOnKey("M1", new RemoveIfOlder(5))).isFalse();
    assertThat(map.containsKey("M1")).isFalse();
  }

  @Test
  void a_node_that_hears_nothing_asks_the_database_for_every_route_and_says_so(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    api.sell(Documents.saleJson(1, 1));
    world.settle();
    assertThat(health(api)).isEqualTo("ok");

    try (Connection deaf = world.connect();
        Statement lock = deaf.createStatement()) {
      deaf.setAutoCommit(false);
      // Neither the canary nor the tail can be read.
      lock.execute("LOCK TABLE route_canary IN ACCESS EXCLUSIVE MODE");
      Awaitility.await("stale").atMost(PATIENCE).until(() -> health(api).startsWith("stale"));
      assertThat(api.getManagement("/health/ready").json().path("ready").asBoolean()).isTrue();
      // What SettlementBindingStale and SettlementCanarySilent look at.
      assertThat(api.metric("settlement_binding_read_through")).isOne();
      assertThat(api.metric("settlement_canary_age_seconds")).isGreaterThan(2);
      deaf.rollback();
    }

    Awaitility.await("fresh").atMost(PATIENCE).until(() -> health(api).equals("ok"));
    assertThat(api.metric("settlement_binding_read_through")).isZero();
    Awaitility.await("the canary is heard")
        .atMost(PATIENCE)
        .until(() -> api.metric("settlement_canary_age_seconds") < 2);
  }

  @Test
  void one_canary_sings_for_all_nodes(World world) throws Exception {
    world.startNode(1);
    world.startNode(1);
    world.startNode(1);
    int before = NodeSurgery.bindings(world.node(2)).versionInUse(RouteFeed.CANARY);
    String begun = world.queryText("SELECT clock_timestamp()::text");
    long changed = world.queryLong("SELECT version FROM route_canary");

    Awaitility.await("every node hears it")
        .atMost(PATIENCE)
        .until(
            () ->
                NodeSurgery.bindings(world.node(0)).versionInUse(RouteFeed.CANARY) > before + 3
                    && NodeSurgery.bindings(world.node(2)).versionInUse(RouteFeed.CANARY)
                        > before + 3);

    // Rewritten once for all, and not by each node.
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM route_canary WHERE version - "
                    + changed
                    + " <= 2 + extract(epoch FROM clock_timestamp() - timestamptz '"
                    + begun
                    + "') / 0.9"))
        .isOne();
  }
}
