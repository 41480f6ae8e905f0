package dev.settle.router.binding;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.settle.router.app.NodeSurgery;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.Seeds;
import dev.settle.router.testing.Traffic;
import dev.settle.router.testing.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class I7ClusterIsAHintIT {

  private static final int MERCHANTS = 20;

  @Test
  void a_map_that_is_cleared_and_poisoned_changes_no_result(World world) throws Exception {
    long seed = Seeds.of(this);
    Random random = new Random(seed);
    Api one = world.startNode();
    Api two = world.startNode();
    assertThat(map(world, 0).getName()).isEqualTo("bindings");
    assertThat(NodeSurgery.member(world.node(0)).getCluster().getMembers()).hasSize(2);
    world.onboard(one, MERCHANTS);
    Traffic traffic = Traffic.start(List.of(one, two), MERCHANTS, 3, 5, seed);
    List<MerchantRoute> old = new ArrayList<>();

    for (int step = 0; step < 40; step++) {
      int m = 1 + random.nextInt(MERCHANTS);
      IMap<String, MerchantRoute> map = map(world, random.nextInt(2));
      MerchantRoute route = map.get(World.merchantId(m));
      if (route != null) {
        old.add(route);
      }
      long card = world.addAccount(m, String.format("62220290%08d%03d", step, 100 + step));
      world.bind(World.merchantId(m), "", card);
      switch (random.nextInt(3)) {
        case 0 -> map.clear();
        case 1 -> old.forEach(version -> map.put(version.merchantId(), version));
        default -> map.put(World.merchantId(m), wrong(m, card));
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(50));
    }
    traffic.stop();
    world.settle();

    assertThat(world.verify().posted().credits()).isEqualTo(traffic.sales());
  }

  /** A route from another world: a version that never was, on hold, with an account nobody has. */
  private static MerchantRoute wrong(int m, long card) {
    return new MerchantRoute(
        World.merchantId(m),
        5_000 + m,
        m % 2 == 0,
        m % 3 == 0 ? Set.of() : Set.of(String.format("T%07d", m)),
        new RouteAccount(card + 999_999, "102", AccountStatus.FROZEN),
        java.util.Map.of());
  }

  @Test
  void members_that_stop_in_the_middle_of_traffic_change_no_result(World world) throws Exception {
    long seed = Seeds.of(this);
    Api one = world.startNode();
    Api two = world.startNode();
    world.onboard(one, 2 * MERCHANTS);
    Traffic traffic = Traffic.start(List.of(one, two), MERCHANTS, 3, 5, seed);
    TimeUnit.MILLISECONDS.sleep(300);
    NodeSurgery.member(world.node(0)).getLifecycleService().terminate();
    TimeUnit.MILLISECONDS.sleep(300);
    NodeSurgery.member(world.node(1)).shutdown();
    traffic.stop();

    // Merchants that neither node has heard of have to be read without any cluster.
    for (int m = MERCHANTS + 1; m <= 2 * MERCHANTS; m++) {
      Api node = m % 2 == 0 ? one : two;
      assertThat(node.sell(Documents.saleJson(m, m)).status()).isEqualTo(201);
    }
    // And the fence has to be passed by a fresh look into the database.
    long card = world.addAccount(1, "6222029000000019001");
    world.bind("M000001", "", card);
    assertThat(one.sell(Documents.saleJson(1, 99)).status()).isEqualTo(201);
    world.settle();

    assertThat(world.verify().posted().credits()).isEqualTo(traffic.sales() + MERCHANTS + 1);
  }

  @Test
  void the_map_keeps_the_newest_of_what_it_is_given(World world) throws Exception {
    world.startNode(1);
    IMap<String, MerchantRoute> map = map(world, 0);
    MerchantRoute third = RouteSerializersIT.route(3);

    assertThat(map.executeOnKey("M1", new ReplaceIfNewer(third))).isTrue();
    assertThat(map.executeOnKey("M1", new ReplaceIfNewer(RouteSerializersIT.route(2)))).isFalse();
    assertThat(map.executeOnKey("M1", new ReplaceIfNewer(third))).isFalse();
    assertThat(map.get("M1").version()).isEqualTo(3);
    assertThat(map.executeOnKey("M1", new ReplaceIfNewer(RouteSerializersIT.route(4)))).isTrue();
    assertThat(map.get("M1").version()).isEqualTo(4);
  }

  @Test
  void a_node_that_has_a_route_asks_nobody_for_it(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    api.sell(Documents.saleJson(1, 0));
    world.settle();
    long asked = map(world, 0).getLocalMapStats().getGetOperationCount();

    for (int stan = 1; stan <= 50; stan++) {
      api.sell(Documents.saleJson(1, stan));
    }
    world.settle();

    assertThat(map(world, 0).getLocalMapStats().getGetOperationCount()).isEqualTo(asked);
  }

  @Test
  void what_one_node_reads_every_node_hears(World world) throws Exception {
    Api one = world.startNode(1);
    Api two = world.startNode(1);
    world.onboard(one, 1);
    one.sell(Documents.saleJson(1, 1));
    Awaitility.await("the route is in the map").until(() -> map(world, 1).containsKey("M000001"));
    HazelcastInstance dead = NodeSurgery.member(world.node(0));

    dead.shutdown();

    assertThat(map(world, 1).get("M000001").version()).isEqualTo(1);
    assertThat(two.sell(Documents.saleJson(1, 2)).status()).isEqualTo(201);
    world.settle();
  }

  private static IMap<String, MerchantRoute> map(World world, int node) {
    return NodeSurgery.member(world.node(node)).getMap(RouteMap.NAME);
  }
}
