package dev.settle.router.app;

import com.hazelcast.core.HazelcastInstance;
import dev.settle.router.binding.Bindings;
import dev.settle.router.events.EventHub;
import dev.settle.router.rail.RailGate;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.internal.VertxInternal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What happens to a node in the field and that no node offers: it stands still, or is dead. */
public final class NodeSurgery {

  private static final long BURIAL_SECONDS = 5;
  private static final Map<Node, CountDownLatch> PAUSED = new ConcurrentHashMap<>();

  private NodeSurgery() {}

  /** Stops every event loop of the node between two of its turns, as a stopped machine does. */
  public static void pause(Node node) throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    int loops = 0;
    for (EventExecutor ignored : ((VertxInternal) node.vertx).nettyEventLoopGroup()) {
      loops++;
    }
    CountDownLatch standing = new CountDownLatch(loops);
    PAUSED.put(node, gate);
    for (EventExecutor loop : ((VertxInternal) node.vertx).nettyEventLoopGroup()) {
      loop.execute(() -> stand(standing, gate));
    }
    if (!standing.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("an event loop did not come to a stand");
    }
  }

  private static void stand(CountDownLatch standing, CountDownLatch gate) {
    standing.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets a paused node go on where it stood. */
  public static void resume(Node node) {
    CountDownLatch gate = PAUSED.remove(node);
    if (gate != null) {
      gate.countDown();
    }
  }

  /** The node's member is gone without a word to the others. */
  public static void leaveClusterSilently(Node node) {
    node.hazelcast.getLifecycleService().terminate();
  }

  /** Clears away what is left of a dead node; whatever it still says on the way is not heard. */
  public static void bury(Node node) throws InterruptedException {
    resume(node);
    CountDownLatch closed = new CountDownLatch(1);
    node.vertx.close().onComplete(done -> closed.countDown());
    closed.await(BURIAL_SECONDS, TimeUnit.SECONDS);
  }

  /** The routes that the node has. */
  public static Bindings bindings(Node node) {
    return node.parts.bindings();
  }

  /** What the node tells consoles. */
  public static EventHub events(Node node) {
    return node.parts.events();
  }

  /** The node has not heard of any order about its rails, until it reads them again. */
  public static void forgetRailOrders(Node node) {
    node.parts.rails().stops().heard(Map.of());
  }

  /** The node's cluster member. */
  public static HazelcastInstance member(Node node) {
    return node.hazelcast;
  }

  /** Whether the node's rail of that name is usable, as the node knows it. */
  public static RailGate gate(Node node, String rail) {
    return node.parts.rails().gate(node.parts.rails().named(rail));
  }
}
