package dev.settle.router.binding;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.internal.serialization.Data;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.spi.impl.SerializationServiceSupport;
import dev.settle.router.app.NodeSurgery;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(InvariantsHold.class)
class RouteSerializersIT {

  static MerchantRoute route(int version) {
    return new MerchantRoute(
        "M1",
        version,
        true,
        Set.of("T1", "T2"),
        new RouteAccount(1_000_001, "102", AccountStatus.ACTIVE),
        Map.of("T2", new RouteAccount(1_000_002, "103", AccountStatus.FROZEN)));
  }

  static Stream<MerchantRoute> routes() {
    return Stream.of(
        route(1),
        new MerchantRoute("商户", Integer.MAX_VALUE, false, Set.of(), null, Map.of()),
        new MerchantRoute(
            "M2",
            2,
            false,
            Set.of("T1"),
            null,
            Map.of("T1", new RouteAccount(Long.MAX_VALUE, "", AccountStatus.CLOSED))));
  }

  @ParameterizedTest
  @MethodSource("routes")
  void a_route_arrives_as_it_was_sent(MerchantRoute route, World world) throws Exception {
    SerializationService cluster = serialization(world);
    Data sent = cluster.toData(route);

    assertThat(cluster.<MerchantRoute>toObject(sent)).isEqualTo(route);
    assertThat(new String(sent.toByteArray(), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("java.util");
  }

  @Test
  void a_replacement_arrives_as_it_was_sent(World world) throws Exception {
    SerializationService cluster = serialization(world);
    ReplaceIfNewer sent = new ReplaceIfNewer(route(7));

    ReplaceIfNewer arrived = cluster.toObject(cluster.toData(sent));

    assertThat(arrived.route()).isEqualTo(sent.route());
  }

  private static SerializationService serialization(World world) throws Exception {
    world.startNode(1);
    return ((SerializationServiceSupport) NodeSurgery.member(world.node(0)))
        .getSerializationService();
  }
}
