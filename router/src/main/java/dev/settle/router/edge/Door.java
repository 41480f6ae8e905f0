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
  private final boolean behindProxy;
  private final EdgeMetrics metrics;
  private final AtomicInteger beingTold = new AtomicInteger();
  private final Map<EventLoop, Watch> watches = new ConcurrentHashMap<>();

  /**
   * @param connections that may be open at once
   * @param connectionsOfOne of these, from one address
   * @param behindProxy whether each connection begins with a PROXY header, and belongs to the
   *     address that this names
   */
  public Door(int connections, int connectionsOfOne, boolean behindProxy, EdgeMetrics metrics) {
    this.behindProxy = behindProxy;
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
    Refusal no = behindProxy ? letInToSayWhose(connection) : letInFrom(connection);
    if (no == null) {
      return true;
    }
    Farewell farewell = turnAway(connection, no);
    if (farewell == null) {
      connection.unsafe().closeForcibly();
    } else {
      connection.pipeline().addLast(farewell);
      loop.register(connection);
    }
    return false;
  }

  private @Nullable Refusal letInFrom(Channel connection) {
    InetAddress from = address(connection);
    Refusal no = counts.admit(from);
    if (no == null) {
      connection.closeFuture().addListener(closed -> counts.gone(from));
      connection.pipeline().addLast(ConnectionGuard.NAME, new ConnectionGuard(this, false));
    }
    return no;
  }

  /** It has a place of the node, and of an address when its header has come. */
  private @Nullable Refusal letInToSayWhose(Channel connection) {
    Refusal no = counts.admit();
    if (no == null) {
      connection.closeFuture().addListener(closed -> counts.gone());
      connection.pipeline().addLast(ProxyHeader.NAME, new ProxyHeader(this));
    }
    return no;
  }

  /** Counts a connection that is open to the address that its header names, or says why not. */
  @Nullable Refusal claim(Channel connection, InetAddress from) {
    Refusal no = counts.admitOf(from);
    if (no == null) {
      connection.closeFuture().addListener(closed -> counts.goneOf(from));
    }
    return no;
  }

  /** What tells it why; null: too many are being told, it is to be closed at once. */
  @Nullable Farewell turnAway(Channel connection, Refusal why) {
    turnedAway(why);
    if (beingTold.incrementAndGet() > Limits.TOLD_AT_ONCE) {
      beingTold.decrementAndGet();
      return null;
    }
    connection.closeFuture().addListener(closed -> beingTold.decrementAndGet());
    return new Farewell(why == Refusal.CONNECTIONS_OF_NODE ? NODE_FULL : ADDRESS_FULL);
  }

  /** A connection that is gone already has none; it is closed as soon as it is looked at. */
  static InetAddress address(Channel connection) {
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
