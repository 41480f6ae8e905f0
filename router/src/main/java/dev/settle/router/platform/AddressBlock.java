package dev.settle.router.platform;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Who is taken for one caller by where he comes from: an IPv4 address, or the first 64 bits of an
 * IPv6 address, of which a household has more than one can count.
 *
 * @param bits the address, or its network
 * @param six whether it is of IPv6
 */
public record AddressBlock(long bits, boolean six) {

  private static final int IPV4_BYTES = 4;
  private static final int NETWORK_BYTES = 8;

  /** Of an IPv4 address that is written as IPv6, Java makes one of IPv4 itself. */
  public static AddressBlock of(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean six = bytes.length > IPV4_BYTES;
    long bits = 0;
    for (int i = 0; i < (six ? NETWORK_BYTES : IPV4_BYTES); i++) {
      bits = bits << 8 | bytes[i] & 0xff;
    }
    return new AddressBlock(bits, six);
  }

  /** Of an address as it is written; null for anything else. Asks no name server. */
  public static @Nullable AddressBlock of(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    try {
      return bytes == null ? null : of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("every address has 4 or 16 bytes", e);
    }
  }
}
