package dev.settle.router.binding;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.YamlConfigBuilder;
import com.hazelcast.spi.merge.MergingValue;
import java.io.InputStream;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** After a split the newer route of both sides stays. */
class NewerRouteTest {

  private final NewerRoute policy = new NewerRoute();

  private record Value(MerchantRoute route) implements MergingValue<MerchantRoute> {

    @Override
    public Object getRawValue() {
      return route;
    }

    @Override
    public MerchantRoute getDeserializedValue() {
      return route;
    }
  }

  private static Value version(int version) {
    return new Value(RouteSerializersIT.route(version));
  }

  @Test
  void whichever_side_it_was_on() {
    assertThat(policy.merge(version(3), version(2)).version()).isEqualTo(3);
    assertThat(policy.merge(version(2), version(3)).version()).isEqualTo(3);
    assertThat(policy.merge(version(2), null).version()).isEqualTo(2);
  }

  @Test
  void the_member_is_configured_to_merge_so() throws Exception {
    Properties port = new Properties();
    port.setProperty("settle.cluster.port", "5701");
    try (InputStream yaml =
        getClass().getClassLoader().getResourceAsStream("cluster/hazelcast.yaml")) {
      YamlConfigBuilder builder = new YamlConfigBuilder(yaml);
      builder.setProperties(port);
      assertThat(builder.build().getMapConfig(RouteMap.NAME).getMergePolicyConfig().getPolicy())
          .isEqualTo(NewerRoute.class.getName());
    }
  }
}
