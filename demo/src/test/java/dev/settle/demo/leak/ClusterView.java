package dev.settle.demo.leak;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.DistributedObject;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.multimap.MultiMap;
import com.hazelcast.replicatedmap.ReplicatedMap;
import com.hazelcast.spi.impl.SerializationServiceSupport;
import com.hazelcast.topic.ITopic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A client of the nodes' cluster: sees every entry as it is kept, and hears every topic. */
public final class ClusterView implements AutoCloseable {

  private final HazelcastInstance client;

  public ClusterView(List<String> members) {
    ClientConfig config = new ClientConfig();
    config.setClusterName("settlement-router");
    config.getNetworkConfig().setAddresses(members).setSmartRouting(false);
    config.setProperty("hazelcast.logging.type", "slf4j");
    client = HazelcastClient.newHazelcastClient(config);
  }

  /** Adds whatever is published from now on. */
  public void listen(Evidence evidence) {
    for (DistributedObject object : client.getDistributedObjects()) {
      if (object instanceof ITopic<?> topic) {
        topic.addMessageListener(
            message -> add(evidence, "topic " + topic.getName(), message.getMessageObject()));
      }
    }
  }

  /** Adds every entry of every map; returns the names of what was there. */
  public Set<String> into(Evidence evidence) {
    Set<String> names = new TreeSet<>();
    for (DistributedObject object : client.getDistributedObjects()) {
      names.add(object.getName());
      String place = "cluster " + object.getName();
      if (object instanceof IMap<?, ?> map) {
        map.entrySet().forEach(entry -> add(evidence, place, entry));
      } else if (object instanceof ReplicatedMap<?, ?> map) {
        map.entrySet().forEach(entry -> add(evidence, place, entry));
      } else if (object instanceof MultiMap<?, ?> map) {
        map.entrySet().forEach(entry -> add(evidence, place, entry));
      } else if (object instanceof Iterable<?> all) {
        all.forEach(item -> add(evidence, place, item));
      }
    }
    return names;
  }

  private void add(Evidence evidence, String place, Map.Entry<?, ?> entry) {
    add(evidence, place, entry.getKey());
    add(evidence, place, entry.getValue());
  }

  private void add(Evidence evidence, String place, Object object) {
    var service = ((SerializationServiceSupport) client).getSerializationService();
    evidence.add(place, service.toData(object).toByteArray());
    evidence.add(place, String.valueOf(object));
  }

  /** For planting what must be found. */
  public IMap<String, String> map(String name) {
    return client.getMap(name);
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
