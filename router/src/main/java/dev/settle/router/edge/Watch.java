package dev.settle.router.edge;

import dev.settle.router.platform.Limits;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every connection of one event loop, now and then: one look at all of them costs less
 * than a timer of each. Belongs to that event loop.
 */
final class Watch {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final ConnectionCounts counts;
  private final EdgeMetrics metrics;
  private final List<ConnectionGuard> guards = new ArrayList<>();
  private long nowNanos = System.nanoTime();

  Watch(EventLoop loop, ConnectionCounts counts, EdgeMetrics metrics) {
    this.counts = counts;
    this.metrics = metrics;
    long every = Limits.CONNECTION_LOOK.toMillis();
    loop.scheduleAtFixedRate(() -> look(System.nanoTime()), every, every, TimeUnit.MILLISECONDS);
  }

  void add(ConnectionGuard guard) {
    guards.add(guard);
  }

  /** The time of the last look: exact enough for bounds of seconds, and free. */
  long nowNanos() {
    return nowNanos;
  }

  /** Nothing may be thrown out of it: the event loop would never look again, at none of them. */
  void look(long now) {
    nowNanos = now;
    try {
      lookAtAll();
    } catch (RuntimeException | Error fault) {
      LOG.error("connections could not be looked at, and are looked at again", fault);
    }
  }

  private void lookAtAll() {
    long patience =
        (counts.isCrowded() ? Limits.CONNECTION_IDLE_CROWDED : Limits.CONNECTION_IDLE).toNanos();
    guards.removeIf(guard -> !isOpen(guard, patience));
  }

  private boolean isOpen(ConnectionGuard guard, long patience) {
    try {
      return guard.look(nowNanos, patience);
    } catch (RuntimeException | Error fault) {
      LOG.error("a connection could not be looked at, and is closed", fault);
      guard.abandon();
      metrics.turnedAway(Refusal.FAULT);
      return false;
    }
  }
}
