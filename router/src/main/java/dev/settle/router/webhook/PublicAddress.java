package dev.settle.router.webhook;

import java.net.InetAddress;
import java.util.List;

/**
 * Whether an address is one of a host on the public network, by the special-purpose registries of
 * IANA (RFC 6890 and its updates). Of IPv6, what is not global unicast is refused as a whole, and
 * so is what carries an IPv4 address inside: NAT64, 6to4, Teredo, mapped and compatible ones.
 */
final class PublicAddress {

  /** A prefix of so many bits. */
  private record Block(byte[] prefix, int bits) {

    boolean has(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Block> NOT_V4 =
      List.of(
          v4(0, 0, 0, 0, 8), // this network
          v4(10, 0, 0, 0, 8), // private
          v4(100, 64, 0, 0, 10), // carrier-grade NAT
          v4(127, 0, 0, 0, 8), // loopback
          v4(169, 254, 0, 0, 16), // link-local, where clouds keep their metadata
          v4(172, 16, 0, 0, 12), // private
          v4(192, 0, 0, 0, 24), // protocol assignments
          v4(192, 0, 2, 0, 24), // documentation
          v4(192, 31, 196, 0, 24), // AS112
          v4(192, 52, 193, 0, 24), // AMT
          v4(192, 88, 99, 0, 24), // 6to4 relays
          v4(192, 168, 0, 0, 16), // private
          v4(192, 175, 48, 0, 24), // AS112
          v4(198, 18, 0, 0, 15), // benchmarks
          v4(198, 51, 100, 0, 24), // documentation
          v4(203, 0, 113, 0, 24), // documentation
          v4(224, 0, 0, 0, 4), // multicast
          v4(240, 0, 0, 0, 4)); // reserved, broadcast

  private static final Block GLOBAL_UNICAST = v6(0x2000, 0, 0, 3);

  private static final List<Block> NOT_V6 =
      List.of(
          v6(0x2001, 0, 0, 23), // protocol assignments: Teredo, ORCHID, benchmarks
          v6(0x2001, 0xdb8, 0, 32), // documentation
          v6(0x2002, 0, 0, 16), // 6to4
          v6(0x2620, 0x4f, 0x8000, 48), // AS112
          v6(0x3fff, 0, 0, 20)); // documentation

  private PublicAddress() {}

  private static Block v4(int a, int b, int c, int d, int bits) {
    return new Block(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d}, bits);
  }

  private static Block v6(int a, int b, int c, int bits) {
    byte[] prefix = new byte[16];
    int[] groups = {a, b, c};
    for (int i = 0; i < groups.length; i++) {
      prefix[2 * i] = (byte) (groups[i] >> 8);
      prefix[2 * i + 1] = (byte) groups[i];
    }
    return new Block(prefix, bits);
  }

  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4
        ? NOT_V4.stream().noneMatch(block -> block.has(bytes))
        : GLOBAL_UNICAST.has(bytes) && NOT_V6.stream().noneMatch(block -> block.has(bytes));
  }
}
