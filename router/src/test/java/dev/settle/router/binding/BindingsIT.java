package dev.settle.router.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.app.NodeSurgery;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class BindingsIT {

  private final Vertx vertx = Vertx.vertx();
  private final Counts counts = new Counts();

  @AfterEach
  void close() throws Exception {
    World.await(vertx.close());
  }

  private static final class Counts implements Bindings.LookupCounts {
    final AtomicInteger local = new AtomicInteger();
    final AtomicInteger shared = new AtomicInteger();
    final AtomicInteger database = new AtomicInteger();
    final AtomicInteger unknown = new AtomicInteger();

    @Override
    public void local(int routes) {
      local.addAndGet(routes);
    }

    @Override
    public void shared(int routes) {
      shared.addAndGet(routes);
    }

    @Override
    public void database(int routes) {
      database.addAndGet(routes);
    }

    @Override
    public void unknown(int merchants) {
      unknown.addAndGet(merchants);
    }
  }

  private Bindings bindings(World world) {
    RouteMap map = new RouteMap(NodeSurgery.member(world.node(0)), vertx);
    return new Bindings(map, world.bindings(), counts);
  }

  @Test
  void what_the_heap_lacks_is_read_for_all_merchants_at_once_and_then_known(World world)
      throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 30);
    Bindings bindings = bindings(world);
    Set<String> merchants = new HashSet<>();
    for (int m = 1; m <= 30; m++) {
      merchants.add(World.merchantId(m));
    }

    Map<String, MerchantRoute> read = World.await(bindings.routes(merchants));
    Map<String, MerchantRoute> again = World.await(bindings.routes(merchants));

    assertThat(read).hasSize(30);
    assertThat(again).isEqualTo(read);
    assertThat(counts.database.get() + counts.shared.get()).isEqualTo(30);
    assertThat(counts.local).hasValue(30);
    assertThat(bindings.routes(merchants).isComplete()).as("answered at once").isTrue();
    assertThat(read.get("M000001").terminals()).containsExactly("T0000001");
    assertThat(read.get("M000001").accountFor("T0000001").status()).isEqualTo(AccountStatus.ACTIVE);
  }

  @Test
  void a_merchant_that_nobody_knows_is_asked_for_again_and_found_once_it_is_there(World world)
      throws Exception {
    Api api = world.startNode(1);
    Bindings bindings = bindings(world);

    assertThat(World.await(bindings.routes(Set.of("M000001")))).isEmpty();
    assertThat(counts.unknown).hasValue(1);
    world.onboard(api, 1);

    assertThat(World.await(bindings.routes(Set.of("M000001")))).containsKey("M000001");
  }

  @Test
  void the_newer_of_two_routes_stays_whatever_comes_last(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    Bindings bindings = bindings(world);
    MerchantRoute first = World.await(bindings.routes(Set.of("M000001"))).get("M000001");
    long card = world.addAccount(1, "6222029000000019001");
    world.bind("M000001", "", card);
    World.await(bindings.refresh(Set.of("M000001")));
    assertThat(bindings.versionInUse("M000001")).isEqualTo(2);

    var map = NodeSurgery.member(world.node(0)).<String, MerchantRoute>getMap(RouteMap.NAME);
    map.put("M000001", first);
    map.put("M000002", RouteSerializersIT.route(9));
    Awaitility.await("the map's news has arrived").until(() -> bindings.versionInUse("M1") != null);

    assertThat(bindings.versionInUse("M000001")).isEqualTo(2);
    Map<String, MerchantRoute> routes = World.await(bindings.routes(Set.of("M000001")));
    assertThat(routes.get("M000001").account().accountId()).isEqualTo(card);
  }

  @Test
  void a_stopped_member_is_a_miss_and_not_an_error(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 2);
    Bindings bindings = bindings(world);
    NodeSurgery.member(world.node(0)).shutdown();

    assertThat(World.await(bindings.routes(Set.of("M000001", "M000002")))).hasSize(2);
    assertThat(World.await(bindings.refresh(Set.of("M000001")))).hasSize(1);
  }
}
