package dev.settle.demo;

import dev.settle.router.platform.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Which ports of the loopback interface the demo listens on: node <i>k</i> on {@code base + 10k},
 * its management port one above, the sandbox bank two above the base. What nobody calls from
 * outside (database, cluster) takes any free port.
 *
 * @param base the first node's public API
 */
record PortPlan(int base) {

  static final int BANK_OFFSET = 2;
  private static final int NODE_STEP = 10;

  int api(int node) {
    return base + NODE_STEP * node;
  }

  int management(int node) {
    return api(node) + 1;
  }

  int bank() {
    return base + BANK_OFFSET;
  }

  /** Throws {@link ConfigurationException} that names the first port that is taken. */
  void requireFree(int nodes) {
    for (int node = 0; node < nodes; node++) {
      requireFreeFor(node);
    }
    requireFree(bank(), "the sandbox bank");
  }

  /** The same, of one node's. */
  void requireFreeFor(int node) {
    requireFree(api(node), "the public API");
    requireFree(management(node), "management");
  }

  private void requireFree(int port, String what) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException taken) {
      throw new ConfigurationException(
          "port "
              + port
              + " ("
              + what
              + ") is taken: choose another base with --port, now "
              + base);
    }
  }
}
