package dev.settle.router.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.platform.AccessSettings;
import dev.settle.router.platform.CallerLimits;
import dev.settle.router.platform.Limits;
import dev.settle.router.platform.TlsSettings;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Certificates;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.RawConnection;
import dev.settle.router.testing.World;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Behind a load balancer that says whose each connection is, the caller's address is what counts:
 * for the audit, for bounds; and nobody is served who does not say it.
 */
@ExtendWith(InvariantsHold.class)
class ProxyProtocolIT {

  private static final int OF_ONE = 5;
  private static final int OF_NODE = 16;
  private static final int PATIENCE_MILLIS = 60_000;
  private static final String FORGED =
      "GET /v1/unposted HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer no.such.token\r\n\r\n";

  private static final byte[] SETTINGS = HexFormat.of().parseHex("000000040000000000");
  private static final byte[] PING = HexFormat.of().parseHex("000008060000000000" + "00".repeat(8));

  @TempDir Path directory;

  private static Api start(World world, TlsSettings tls, CallerLimits limits) throws Exception {
    AccessSettings demo = AccessSettings.DEMO;
    world.access(
        new AccessSettings(
            tls, null, "", demo.audience(), demo.roleClaim(), demo.longestToken(), true, true));
    world.callers(limits);
    return world.startNode(1);
  }

  private static Api start(World world, CallerLimits limits) throws Exception {
    return start(world, TlsSettings.PLAIN, limits);
  }

  private static Api start(World world) throws Exception {
    return start(world, new CallerLimits(1_000, OF_ONE, 0, 0));
  }

  private static String from(String address) {
    return "PROXY TCP4 " + address + " 192.0.2.1 40000 443\r\n";
  }

  /** The binary form, with something more that the load balancer has to say. */
  private static byte[] fromInBinary(String address) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "21" + "21" + "0029"));
    header.writeBytes(InetAddress.getByName(address).getAddress());
    header.writeBytes(InetAddress.getByName("2001:db8::1").getAddress());
    header.writeBytes(HexFormat.of().parseHex("9c4001bb" + "ea0002" + "0102"));
    return header.toByteArray();
  }

  private static long refusedFrom(World world, String origin) throws Exception {
    return world.queryLong(
        "SELECT count(*) FROM audit_event WHERE action = 'ACCESS_REFUSED' AND origin = '"
            + origin
            + "'");
  }

  private static void awaitRefusedFrom(World world, String origin) {
    Awaitility.await("the audit has where it came from")
        .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .until(() -> refusedFrom(world, origin) == 1);
  }

  private static double turnedAway(Api api, Refusal why) {
    return api.metric("settlement_turned_away_total{reason=\"" + why.label() + "\"}");
  }

  @Test
  void the_audit_has_the_address_that_the_header_names(World world) throws Exception {
    Api api = start(world);
    try (RawConnection caller = new RawConnection(api.port())) {
      caller.send(from("203.0.113.7") + FORGED);
      assertThat(caller.read().status()).isEqualTo(401);
      caller.send(FORGED);
      assertThat(caller.read().status()).isEqualTo(401);
    }
    try (RawConnection caller = new RawConnection(api.port())) {
      for (byte each : fromInBinary("2001:db8::7")) {
        caller.send(new byte[] {each});
      }
      caller.send(FORGED);
      assertThat(caller.read().status()).isEqualTo(401);
    }
    awaitRefusedFrom(world, "203.0.113.7");
    awaitRefusedFrom(world, "2001:db8:0:0:0:0:0:7");
    assertThat(refusedFrom(world, "127.0.0.1")).isZero();
  }

  /** A load balancer that asks whether the node is there speaks for itself. */
  @Test
  void a_header_without_an_address_speaks_of_the_connection_itself(World world) throws Exception {
    Api api = start(world);
    try (RawConnection caller = new RawConnection(api.port())) {
      caller.send("PROXY UNKNOWN\r\n" + FORGED);
      assertThat(caller.read().status()).isEqualTo(401);
    }
    awaitRefusedFrom(world, "127.0.0.1");
  }

  @Test
  void without_a_header_that_can_be_read_nothing_is_taken(World world) throws Exception {
    Api api = start(world);
    byte[] sale = Documents.saleJson(1, 1).getBytes(UTF_8);
    String token = world.token(Role.TERMINAL);
    try (RawConnection plain = new RawConnection(api.port())) {
      plain.post("/v1/transactions", token, "application/json", sale);
      assertThat(plain.isClosedByServer()).isTrue();
    }
    List<byte[]> bad =
        List.of(
            "PROXY NONSENSE 1 2 3 4\r\n".getBytes(US_ASCII),
            "PROXY TCP4 not.an.address 192.0.2.1 40000 443\r\n".getBytes(US_ASCII),
            new byte[512],
            // Of a socket that is no connection, and of one that has no address.
            HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "2112000c" + "00".repeat(12)),
            HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "213100d8" + "41".repeat(216)),
            // One that says that there is no end of it.
            HexFormat.of()
                .parseHex(
                    "0d0a0d0a000d0a515549540a"
                        + "2111ffff"
                        + "00".repeat(Limits.PROXY_HEADER_BYTES)));
    for (byte[] header : bad) {
      try (RawConnection caller = new RawConnection(api.port())) {
        caller.send(header);
        assertThat(caller.isClosedByServer()).as(HexFormat.of().formatHex(header)).isTrue();
      }
    }
    assertThat(turnedAway(api, Refusal.PROXY_HEADER)).isEqualTo(bad.size() + 1.0);
    assertThat(world.queryLong("SELECT count(*) FROM credit")).isZero();

    try (RawConnection caller = new RawConnection(api.port())) {
      caller.send(from("203.0.113.7"));
      caller.post("/v1/transactions", token, "application/json", sale);
      Api.Answer sold = caller.read();
      assertThat(sold.status()).isEqualTo(201);
      world
          .acknowledged()
          .add(Api.parse(Documents.saleJson(1, 1)), sold.json().path("creditId").asText());
    }
  }

  @Test
  void a_header_that_does_not_come_keeps_a_place_for_seconds_however_it_trickles(World world)
      throws Exception {
    Api api = start(world, new CallerLimits(OF_NODE, OF_ONE, 0, 0));
    List<RawConnection> silent = new ArrayList<>();
    try {
      for (int n = 0; n < OF_NODE; n++) {
        RawConnection connection = new RawConnection(api.port());
        connection.send("PROXY TCP4 ");
        silent.add(connection);
      }
      try (RawConnection oneMore = new RawConnection(api.port())) {
        Api.Answer answer = oneMore.read();
        assertThat(answer.json().path("code").asText()).isEqualTo("too-many-connections");
      }
      Awaitility.await("places are given back, though a byte comes now and then")
          .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
          .until(
              () -> {
                trickle(silent);
                return api.metric("settlement_connections") == 0;
              });
    } finally {
      for (RawConnection connection : silent) {
        connection.close();
      }
    }
    assertThat(turnedAway(api, Refusal.PROXY_HEADER)).isGreaterThanOrEqualTo(OF_NODE);
  }

  private static void trickle(List<RawConnection> connections) {
    for (RawConnection connection : connections) {
      try {
        connection.send("1");
      } catch (IOException closed) {
        // By the node, as it should be.
      }
    }
  }

  @Test
  void connections_are_bounded_by_the_address_that_the_header_names(World world) throws Exception {
    Api api = start(world);
    List<RawConnection> open = new ArrayList<>();
    try {
      for (int n = 0; n < OF_ONE; n++) {
        open.add(served(api, "203.0.113.7"));
      }
      try (RawConnection oneMore = new RawConnection(api.port())) {
        oneMore.send(from("203.0.113.7") + FORGED);
        Api.Answer answer = oneMore.read();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().path("code").asText()).isEqualTo("too-many-own-connections");
        assertThat(oneMore.isClosedByServer()).isTrue();
      }
      assertThat(turnedAway(api, Refusal.CONNECTIONS_OF_ADDRESS)).isOne();
      served(api, "203.0.113.8").close();
      for (RawConnection connection : open) {
        connection.close();
      }
      Awaitility.await("places are given back")
          .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
          .until(() -> api.metric("settlement_connections") == 0);
      served(api, "203.0.113.7").close();
    } finally {
      for (RawConnection connection : open) {
        connection.close();
      }
    }
  }

  private static RawConnection served(Api api, String address) throws IOException {
    RawConnection connection = new RawConnection(api.port());
    connection.send(from(address) + "GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(connection.read().status()).isEqualTo(200);
    return connection;
  }

  /** What watches a connection reads the caller's bytes, and not the header before them. */
  @Test
  void frames_that_carry_nothing_are_counted_behind_the_header(World world) throws Exception {
    Api api = start(world);
    try (RawConnection caller = new RawConnection(api.port())) {
      caller.send(from("203.0.113.7"));
      caller.send(FrameMeter.PREFACE);
      caller.send(SETTINGS);
      caller.send(pings());
      assertThat(caller.isClosedByServer()).isTrue();
    }
    assertThat(turnedAway(api, Refusal.FRAME_FLOOD)).isOne();
  }

  @Test
  void TLS_begins_behind_the_header_and_is_watched_as_ever(World world) throws Exception {
    X509Bundle authority = Certificates.authority("authority");
    Api api = start(world, tls(authority), new CallerLimits(1_000, OF_ONE, 0, 0));
    SSLContext trusting = Certificates.trusting(authority, null);
    assertThat(firstLine(trusting, api, FORGED)).startsWith("HTTP/1.1 401 ");
    awaitRefusedFrom(world, "203.0.113.9");
    assertThat(firstLine(trusting, api, "GET / HTTP/1.1\r\nHost: "))
        .as("a head that does not end is answered inside of TLS")
        .startsWith("HTTP/1.1 408 ");
    assertThat(turnedAway(api, Refusal.SLOW_HEAD)).isOne();
  }

  @Test
  void HTTP2_inside_of_TLS_behind_the_header_is_watched_as_ever(World world) throws Exception {
    X509Bundle authority = Certificates.authority("authority");
    Api api = start(world, tls(authority), new CallerLimits(1_000, OF_ONE, 0, 0));
    try (SSLSocket caller = behindHeader(Certificates.trusting(authority, null), api, "h2")) {
      caller.getOutputStream().write(FrameMeter.PREFACE.getBytes(US_ASCII));
      caller.getOutputStream().write(SETTINGS);
      assertThat(caller.getApplicationProtocol()).isEqualTo("h2");
      assertThat(caller.getInputStream().readNBytes(9)[3])
          .as("a frame of settings")
          .isEqualTo(SETTINGS[3]);
      caller.getOutputStream().write(pings());
      Awaitility.await("it is cut off")
          .atMost(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
          .until(() -> turnedAway(api, Refusal.FRAME_FLOOD) == 1);
    }
  }

  private static byte[] pings() {
    ByteArrayOutputStream flood = new ByteArrayOutputStream();
    for (int n = 0; n <= Limits.HTTP2_IDLE_FRAMES; n++) {
      flood.writeBytes(PING);
    }
    return flood.toByteArray();
  }

  /** Of the answer to what is said inside of TLS. */
  private static String firstLine(SSLContext trusting, Api api, String said) throws IOException {
    try (SSLSocket caller = behindHeader(trusting, api, "http/1.1")) {
      caller.getOutputStream().write(said.getBytes(US_ASCII));
      return new BufferedReader(new InputStreamReader(caller.getInputStream(), US_ASCII))
          .readLine();
    }
  }

  /** TLS that begins behind the header, on the same connection. */
  private static SSLSocket behindHeader(SSLContext trusting, Api api, String protocol)
      throws IOException {
    Socket line = new Socket();
    line.setSoTimeout(PATIENCE_MILLIS);
    line.connect(new InetSocketAddress("127.0.0.1", api.port()), PATIENCE_MILLIS);
    line.getOutputStream().write(from("203.0.113.9").getBytes(US_ASCII));
    SSLSocket inner =
        (SSLSocket) trusting.getSocketFactory().createSocket(line, "localhost", api.port(), true);
    SSLParameters parameters = inner.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    inner.setSSLParameters(parameters);
    inner.startHandshake();
    return inner;
  }

  private TlsSettings tls(X509Bundle authority) throws Exception {
    X509Bundle server = Certificates.router(authority);
    Path certificate = directory.resolve("router.pem");
    Path key = directory.resolve("router.key");
    Files.writeString(certificate, server.getCertificatePathPEM());
    Files.writeString(key, server.getPrivateKeyPEM());
    return new TlsSettings(TlsSettings.EndedBy.ROUTER, certificate, key, null, null);
  }
}
