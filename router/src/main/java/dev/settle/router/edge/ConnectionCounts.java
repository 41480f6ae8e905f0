package dev.settle.router.edge;

import dev.settle.router.platform.AddressBlock;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one port, counted by where they come from. Remembers no address that has none.
 * Thread-safe.
 */
final class ConnectionCounts {

  private final int most;
  private final int mostOfOne;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentHashMap<AddressBlock, Integer> byAddress = new ConcurrentHashMap<>();

  ConnectionCounts(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** Counts one more, or says why there may be no more. */
  @Nullable Refusal admit(InetAddress from) {
    Refusal no = admit();
    if (no != null) {
      return no;
    }
    no = admitOf(from);
    if (no != null) {
      gone();
    }
    return no;
  }

  /** One that was admitted is closed. */
  void gone(InetAddress from) {
    gone();
    goneOf(from);
  }

  /** Counts one more, from wherever, or says why there may be no more. */
  @Nullable Refusal admit() {
    if (all.incrementAndGet() > most) {
      all.decrementAndGet();
      return Refusal.CONNECTIONS_OF_NODE;
    }
    return null;
  }

  /** Counts one that was admitted to its address too, or says why that may have no more. */
  @Nullable Refusal admitOf(InetAddress from) {
    // One more than may be shows that it was refused; it is taken back at once.
    if (byAddress.merge(AddressBlock.of(from), 1, Integer::sum) > mostOfOne) {
      goneOf(from);
      return Refusal.CONNECTIONS_OF_ADDRESS;
    }
    return null;
  }

  /** One that was admitted from wherever is closed. */
  void gone() {
    all.decrementAndGet();
  }

  /** One that was admitted of this address is closed. */
  void goneOf(InetAddress from) {
    byAddress.compute(
        AddressBlock.of(from), (block, count) -> count == null || count <= 1 ? null : count - 1);
  }

  int open() {
    return all.get();
  }

  int most() {
    return most;
  }

  /** So many are open that those on which nothing is asked have to make room. */
  boolean isCrowded() {
    return all.get() > most - most / 4;
  }

  int addresses() {
    return byAddress.size();
  }
}
