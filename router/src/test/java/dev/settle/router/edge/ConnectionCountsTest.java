package dev.settle.router.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.AddressBlock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ConnectionCountsTest {

  @Test
  void an_address_has_its_share_and_gets_it_back() throws UnknownHostException {
    ConnectionCounts counts = new ConnectionCounts(10, 2);
    InetAddress one = InetAddress.getByName("192.0.2.1");
    assertThat(counts.admit(one)).isNull();
    assertThat(counts.admit(one)).isNull();
    assertThat(counts.admit(one)).isEqualTo(Refusal.CONNECTIONS_OF_ADDRESS);
    assertThat(counts.admit(InetAddress.getByName("192.0.2.2"))).isNull();
    counts.gone(one);
    assertThat(counts.admit(one)).isNull();
    assertThat(counts.open()).isEqualTo(3);
  }

  @Test
  void a_network_of_64_bits_is_one_caller_and_its_neighbour_another() throws UnknownHostException {
    ConnectionCounts counts = new ConnectionCounts(10, 1);
    assertThat(counts.admit(InetAddress.getByName("2001:db8::1"))).isNull();
    assertThat(counts.admit(InetAddress.getByName("2001:db8::ffff:1")))
        .isEqualTo(Refusal.CONNECTIONS_OF_ADDRESS);
    assertThat(counts.admit(InetAddress.getByName("2001:db8:0:1::1"))).isNull();
  }

  @Test
  void an_ipv4_address_is_the_same_caller_however_it_is_written() throws UnknownHostException {
    assertThat(AddressBlock.of(InetAddress.getByName("::ffff:192.0.2.1")))
        .isEqualTo(AddressBlock.of(InetAddress.getByName("192.0.2.1")));
  }

  @Test
  void the_node_has_a_bound_and_forgets_who_is_gone() throws UnknownHostException {
    ConnectionCounts counts = new ConnectionCounts(4, 4);
    for (int n = 1; n <= 4; n++) {
      assertThat(counts.isCrowded()).isFalse();
      assertThat(counts.admit(InetAddress.getByName("192.0.2." + n))).isNull();
    }
    assertThat(counts.isCrowded()).isTrue();
    assertThat(counts.admit(InetAddress.getByName("192.0.2.9")))
        .isEqualTo(Refusal.CONNECTIONS_OF_NODE);
    assertThat(counts.addresses()).isEqualTo(4);
    for (int n = 1; n <= 4; n++) {
      counts.gone(InetAddress.getByName("192.0.2." + n));
    }
    assertThat(counts.open()).isZero();
    assertThat(counts.addresses()).isZero();
  }
}
