package dev.settle.router.platform;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.YamlConfigBuilder;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.nio.serialization.compact.CompactSerializer;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

/**
 * This node's Hazelcast member, shared by the Vert.x cluster and the binding map. Configured by
 * {@code cluster/hazelcast.yaml} of the {@code cluster-config} module. Starting and stopping
 * blocks.
 */
public final class ClusterInstance {

  private ClusterInstance() {}

  /** Starts a member that knows {@code serializers}. */
  public static HazelcastInstance start(Settings settings, List<CompactSerializer<?>> serializers) {
    InputStream yaml =
        ClusterInstance.class.getClassLoader().getResourceAsStream("cluster/hazelcast.yaml");
    if (yaml == null) {
      throw new IllegalStateException("cluster/hazelcast.yaml is not on the class path");
    }
    Properties properties = new Properties();
    properties.setProperty("settle.cluster.port", String.valueOf(settings.clusterPort()));
    YamlConfigBuilder builder = new YamlConfigBuilder(yaml);
    builder.setProperties(properties);
    Config config = builder.build();
    // Vert.x finds its own node by this attribute.
    config.getMemberAttributeConfig().setAttribute("__vertx.nodeId", UUID.randomUUID().toString());
    findMembers(config.getNetworkConfig().getJoin(), settings);
    serializers.forEach(
        config.getSerializationConfig().getCompactSerializationConfig()::addSerializer);
    return Hazelcast.newHazelcastInstance(config);
  }

  private static void findMembers(JoinConfig join, Settings settings) {
    if (settings.clusterKubernetesService().isEmpty()) {
      join.getTcpIpConfig().setMembers(settings.clusterMembers());
      return;
    }
    // By DNS: no right to ask Kubernetes for anything is needed.
    join.getTcpIpConfig().setEnabled(false);
    join.getKubernetesConfig()
        .setEnabled(true)
        .setProperty("service-dns", settings.clusterKubernetesService())
        .setProperty("service-port", String.valueOf(settings.clusterPort()));
  }
}
