package dev.settle.router.edge;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Problem;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The way in of one port: who is let in, and who is told why not. Whoever is let in is watched by
 * the {@link Watch} of his event loop. Thread-safe.
 */
public final class Door {

  private static final RawAnswer NODE_FULL =
      new RawAnswer(
          new Problem(
              503,
              "too-many-connections",
              null,
              "This node has as many connections as it may; come again, or to another node."));

  private static final RawAnswer ADDRESS_FULL =
      new RawAnswer(
          new Problem(
              503,
              "too-many-own-connections",
              null,
              "Your address has as many connections as one may; use those that it has."));

  private final ConnectionCounts counts;
  private final EdgeMetrics metrics;
  private final AtomicInteger beingTold = new AtomicInteger();
  private final Map<EventLoop, Watch> watches = new ConcurrentHashMap<>();

  /**
   * @param connections that may be open at once
   * @param connectionsOfOne of these, from one address
   */
  public Door(int connections, int connectionsOfOne, EdgeMetrics metrics) {
    this.counts = new ConnectionCounts(connections, connectionsOfOne);
    this.metrics = metrics;
  }

  /** Connections that are open. */
  public int open() {
    return counts.open();
  }

  /** Connections that may be open. */
  public int most() {
    return counts.most();
  }

  /** Addresses that they come from. */
  int addresses() {
    return counts.addresses();
  }

  /**
   * Lets a connection in and watches it, or turns it away and says so.
   *
   * @param loop an event loop that may talk to it if it is turned away
   */
  boolean letIn(Channel connection, EventLoop loop) {
    InetAddress from = address(connection);
    Refusal no = counts.admit(from);
    if (no == null) {
      connection.closeFuture().addListener(closed -> counts.gone(from));
      connection.pipeline().addLast("guard", new ConnectionGuard(this));
      return true;
    }
    turnedAway(no);
    if (beingTold.incrementAndGet() <= Limits.TOLD_AT_ONCE) {
      connection.closeFuture().addListener(closed -> beingTold.decrementAndGet());
      connection
          .pipeline()
          .addLast(new Farewell(no == Refusal.CONNECTIONS_OF_NODE ? NODE_FULL : ADDRESS_FULL));
      loop.register(connection);
    } else {
      beingTold.decrementAndGet();
      connection.unsafe().closeForcibly();
    }
    return false;
  }

  /** A connection that is gone already has none; it is closed as soon as it is looked at. */
  private static InetAddress address(Channel connection) {
    return connection.remoteAddress() instanceof InetSocketAddress known
            && known.getAddress() != null
        ? known.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  Watch watchOf(EventLoop loop) {
    return watches.computeIfAbsent(loop, one -> new Watch(one, counts, metrics));
  }

  void turnedAway(@Nullable Refusal why) {
    if (why != null) {
      metrics.turnedAway(why);
    }
  }
}
