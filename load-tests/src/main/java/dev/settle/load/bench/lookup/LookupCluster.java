package dev.settle.load.bench.lookup;

import com.hazelcast.config.Config;
import com.hazelcast.config.YamlConfigBuilder;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.settle.router.binding.AccountStatus;
import dev.settle.router.binding.BindingStore;
import dev.settle.router.binding.Bindings;
import dev.settle.router.binding.MerchantRoute;
import dev.settle.router.binding.RouteAccount;
import dev.settle.router.binding.RouteMap;
import dev.settle.router.binding.RouteSerializers;
import dev.settle.router.platform.Databases;
import dev.settle.router.platform.Settings;
import dev.settle.router.telemetry.RouterMetrics;
import dev.settle.sandbox.net.FreePort;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Members of one cluster in this process, configured as the router configures its own, with the
 * routes of some merchants in the cluster's map. They talk over the loopback interface, so that a
 * route of another member is a remote call.
 */
final class LookupCluster {

  private static final String NO_DATABASE = "postgresql://127.0.0.1:1/none";

  private final Vertx vertx = Vertx.vertx();
  private final RouterMetrics metrics =
      new RouterMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  private final BindingStore unreachable =
      new BindingStore(
          Databases.pool(vertx, new Settings.Database(NO_DATABASE, "none", "none"), 1, "none"));
  private final List<HazelcastInstance> members = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  Vertx vertx() {
    return vertx;
  }

  /** Starts members until there are so many, and waits until each has its share of the map. */
  void grow(int size) throws IOException {
    while (members.size() < size) {
      int port = FreePort.any();
      addresses.add("127.0.0.1:" + port);
      members.add(Hazelcast.newHazelcastInstance(config(port)));
    }
    for (HazelcastInstance member : members) {
      if (member.getCluster().getMembers().size() != size) {
        throw new IllegalStateException("the members have not found each other");
      }
      member.getPartitionService().forceLocalMemberToBeSafe(30, TimeUnit.SECONDS);
    }
  }

  private Config config(int port) {
    InputStream yaml =
        Objects.requireNonNull(
            LookupCluster.class.getClassLoader().getResourceAsStream("cluster/hazelcast.yaml"));
    Properties properties = new Properties();
    properties.setProperty("settle.cluster.port", String.valueOf(port));
    YamlConfigBuilder builder = new YamlConfigBuilder(yaml);
    builder.setProperties(properties);
    Config config = builder.build();
    config.getNetworkConfig().getJoin().getTcpIpConfig().setMembers(addresses);
    RouteSerializers.all()
        .forEach(config.getSerializationConfig().getCompactSerializationConfig()::addSerializer);
    return config;
  }

  /** Puts the routes of so many merchants into the cluster's map. */
  void fill(int merchants) {
    IMap<String, MerchantRoute> map = members.get(0).getMap(RouteMap.NAME);
    Map<String, MerchantRoute> routes = new HashMap<>();
    for (int number = 1; number <= merchants; number++) {
      routes.put(merchant(number), route(number));
      if (routes.size() == 1_000) {
        map.putAll(routes);
        routes.clear();
      }
    }
    map.putAll(routes);
  }

  static String merchant(int number) {
    return String.format("M%06d", number);
  }

  private static MerchantRoute route(int number) {
    return new MerchantRoute(
        merchant(number),
        1,
        false,
        Set.of(String.format("T%07d", number)),
        new RouteAccount(number, "102", AccountStatus.ACTIVE),
        Map.of());
  }

  /** The look-up of a node that has just started: its heap holds nothing. */
  Bindings freshNode() {
    return new Bindings(new RouteMap(members.get(0), vertx), unreachable, metrics);
  }
}
