package dev.settle.router.edge;

import dev.settle.router.platform.Limits;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Looks at every connection of one event loop, now and then: one look at all of them costs less
 * than a timer of each. Belongs to that event loop.
 */
final class Watch {

  private final ConnectionCounts counts;
  private final List<ConnectionGuard> guards = new ArrayList<>();
  private long nowNanos = System.nanoTime();

  Watch(EventLoop loop, ConnectionCounts counts) {
    this.counts = counts;
    long every = Limits.CONNECTION_LOOK.toMillis();
    loop.scheduleAtFixedRate(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  void add(ConnectionGuard guard) {
    guards.add(guard);
  }

  /** The time of the last look: exact enough for bounds of seconds, and free. */
  long nowNanos() {
    return nowNanos;
  }

  private void look() {
    nowNanos = System.nanoTime();
    long patience =
        (counts.isCrowded() ? Limits.CONNECTION_IDLE_CROWDED : Limits.CONNECTION_IDLE).toNanos();
    guards.removeIf(guard -> !guard.look(nowNanos, patience));
  }
}
