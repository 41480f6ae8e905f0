package dev.settle.load.faults;

import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A load balancer, while it is open: takes a node that does not say that it is ready out of the
 * list that terminals sell by, and puts it back when it does. Closed, every node is in the list.
 */
final class Balancer implements AutoCloseable {

  private static final long LOOK_EVERY_MILLIS = 100;

  private final Arena arena;
  private final List<SocketAddress> list;
  private final Thread thread = new Thread(this::balance, "balancer");
  private volatile boolean closed;

  /**
   * @param list safe for several threads, with every node in it
   */
  Balancer(Arena arena, List<SocketAddress> list) {
    this.arena = arena;
    this.list = list;
    thread.start();
  }

  static List<SocketAddress> all(Hosts hosts) {
    return IntStream.range(0, hosts.nodes()).mapToObj(node -> address(hosts, node)).toList();
  }

  private static SocketAddress address(Hosts hosts, int node) {
    return SocketAddress.inetSocketAddress(Arena.API_PORT, hosts.address(node));
  }

  private void balance() {
    try {
      while (!closed) {
        for (int node = 0; node < arena.hosts().nodes(); node++) {
          look(node);
        }
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(int node) throws InterruptedException {
    SocketAddress address = address(arena.hosts(), node);
    if (!arena.ready(node)) {
      // The last one stays: a terminal has to call somebody.
      if (list.size() > 1) {
        list.remove(address);
      }
    } else if (!list.contains(address)) {
      list.add(address);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
    List<SocketAddress> missing = new ArrayList<>(all(arena.hosts()));
    missing.removeAll(list);
    list.addAll(missing);
  }
}
