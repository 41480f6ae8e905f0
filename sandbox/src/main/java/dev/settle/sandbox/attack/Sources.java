package dev.settle.sandbox.attack;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Addresses that attackers come from, all of this machine: 127.0.1.1 and on. Linux answers to all
 * of 127.0.0.0/8 without being told. A bound for one address is so not what stops a crowd.
 */
final class Sources {

  private static final int HOSTS = 250;
  private static final int NETWORKS = 250;

  private final AtomicInteger next = new AtomicInteger();

  InetSocketAddress next() {
    int n = next.getAndIncrement();
    byte[] address = {127, 0, (byte) (1 + n / HOSTS % NETWORKS), (byte) (1 + n % HOSTS)};
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), 0);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
