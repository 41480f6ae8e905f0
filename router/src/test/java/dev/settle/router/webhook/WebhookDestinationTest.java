package dev.settle.router.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody makes the router send to where only the router can reach. */
class WebhookDestinationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://shop.example/",
        "ftp://shop.example/",
        "gopher://shop.example/",
        "file:///etc/passwd",
        "//shop.example/",
        "https:shop.example",
        "https:///hook",
        "https://",
        "",
        "https://user@shop.example/",
        "https://user:password@shop.example/",
        "https://169.254.169.254@shop.example/",
        "https://shop.example@169.254.169.254/",
        "https://shop.example/#part",
        "https://shop.example:22/",
        "https://shop.example:80/",
        "https://shop.example:0/",
        "https://shop.example:65536/",
        "https://shop.example:-443/",
        "https://shop.example:4430/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://8.8.8.8/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.1/",
        "https://127.0.1/",
        "https://0/",
        "https://1.2.3.4./",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://router/",
        "https://shop.example./",
        "https://-shop.example/",
        "https://shop_a.example/",
        "https://shop..example/",
        "https://shop.123/",
        "https://shop.example\\@evil.example/",
        "https://shop.example/\r\nX: y",
        "https://shop.example/ x",
        "https://shop.example/\u2028",
        "https://sh\u00f6p.example/",
        "https://127\u30020.0.1/",
        "https://\u2460\u2461\u2466.0.0.1/",
        "https://shop.example%00.evil.example/",
        "https://%31%32%37.0.0.1/",
      })
  void what_is_no_plain_https_address_of_a_named_host_is_refused(String url) {
    assertThatThrownBy(() -> Destination.of(url, false)).isInstanceOf(Destination.Refused.class);
  }

  @Test
  void an_address_that_is_too_long_is_refused() {
    assertThatThrownBy(() -> Destination.of("https://shop.example/" + "x".repeat(2_048), false))
        .isInstanceOf(Destination.Refused.class);
  }

  @Test
  void a_plain_https_address_is_taken_apart() throws Exception {
    assertThat(Destination.of("https://Hooks.Shop.example:8443/a/b?c=d", false))
        .isEqualTo(new Destination(true, "hooks.shop.example", 8443, "/a/b?c=d"));
    assertThat(Destination.of("https://shop.example", false))
        .isEqualTo(new Destination(true, "shop.example", 443, "/"));
    assertThat(Destination.of("HTTPS://xn--shp-sna.example/", false).host())
        .isEqualTo("xn--shp-sna.example");
  }

  @Test
  void this_machine_is_a_receiver_only_where_a_setting_says_so() throws Exception {
    Destination here = Destination.of("http://127.0.0.1:9999/hook", true);
    assertThat(here).isEqualTo(new Destination(false, "127.0.0.1", 9999, "/hook"));
    assertThat(here.choose(addresses("127.0.0.1"))).isNotNull();
    assertThatThrownBy(() -> Destination.of("http://127.0.0.1:9999/hook", false))
        .isInstanceOf(Destination.Refused.class);
    // Not even then is anything else.
    for (String url : List.of("http://10.0.0.1/", "http://shop.example/", "https://127.0.0.2/")) {
      assertThatThrownBy(() -> Destination.of(url, true)).isInstanceOf(Destination.Refused.class);
    }
    assertThatThrownBy(() -> here.choose(addresses("93.184.216.34")))
        .isInstanceOf(Destination.Refused.class);
  }

  private static List<InetAddress> addresses(String... literals) {
    return Arrays.stream(literals).map(WebhookDestinationTest::address).toList();
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(literal, e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "4000::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
      })
  void an_address_that_is_not_on_the_public_network_is_refused(String literal) {
    InetAddress address = address(literal);
    assertThat(PublicAddress.is(address)).isFalse();
    assertThatThrownBy(
            () ->
                Destination.of("https://shop.example/", false)
                    .choose(List.of(address("93.184.216.34"), address)))
        .isInstanceOf(Destination.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "126.255.255.255",
        "128.0.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.167.255.255",
        "192.169.0.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "2001:4860:4860::8888",
        "2001:200::1",
        "2606:4700::1111",
        "2a00::1",
      })
  void an_address_of_the_public_network_is_taken(String literal) throws Exception {
    assertThat(Destination.of("https://shop.example/", false).choose(addresses(literal)))
        .isEqualTo(address(literal));
  }

  @Test
  void a_name_without_addresses_is_refused() throws Exception {
    Destination shop = Destination.of("https://shop.example/", false);
    assertThatThrownBy(() -> shop.choose(List.of())).isInstanceOf(Destination.Refused.class);
  }
}
