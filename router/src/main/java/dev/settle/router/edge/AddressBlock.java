package dev.settle.router.edge;

import java.net.InetAddress;

/**
 * Who is taken for one caller by where he comes from: an IPv4 address, or the first 64 bits of an
 * IPv6 address, of which a household has more than one can count.
 *
 * @param bits the address, or its network
 * @param six whether it is of IPv6
 */
record AddressBlock(long bits, boolean six) {

  private static final int IPV4_BYTES = 4;
  private static final int NETWORK_BYTES = 8;

  /** Of an IPv4 address that is written as IPv6, Java makes one of IPv4 itself. */
  static AddressBlock of(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean six = bytes.length > IPV4_BYTES;
    long bits = 0;
    for (int i = 0; i < (six ? NETWORK_BYTES : IPV4_BYTES); i++) {
      bits = bits << 8 | bytes[i] & 0xff;
    }
    return new AddressBlock(bits, six);
  }
}
