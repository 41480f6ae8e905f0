package dev.settle.sandbox.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of the loopback interface for servers that are started a moment later, or closed and opened
 * again on the same one.
 */
public final class FreePort {

  /**
   * Below those that the system gives to outgoing connections (from 32,768 on with Linux, 49,152 by
   * IANA), so that none of them takes a port between the choice and the start.
   */
  private static final int FIRST = 10_000;

  private static final int COUNT = 22_000;

  /** Processes begin apart from each other, and no port is chosen twice in a row. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private FreePort() {}

  /**
   * A port that nobody listens on now.
   *
   * @throws UncheckedIOException when there is none
   */
  public static int any() {
    for (int tries = 0; tries < COUNT; tries++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(false);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (BindException taken) {
        // The next one.
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    throw new UncheckedIOException(
        new IOException("no port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free"));
  }
}
