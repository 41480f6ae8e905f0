package dev.settle.router.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Role;
import dev.settle.router.access.Route;
import dev.settle.router.platform.CallerLimits;
import dev.settle.router.platform.Limits;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.RawConnection;
import dev.settle.router.testing.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class ConnectionsIT {

  private static final int OF_ONE = 30;

  @Test
  void an_address_with_too_many_connections_is_told_so_and_closed(World world) throws Exception {
    world.callers(new CallerLimits(1_000, OF_ONE, 0, 0));
    Api api = world.startNode();
    List<RawConnection> open = new ArrayList<>();
    try {
      for (double counted = api.metric("settlement_connections"); counted < OF_ONE; ) {
        open.add(new RawConnection(api.port()));
        assertThat(open).hasSizeLessThanOrEqualTo(OF_ONE);
        double before = counted;
        // A connection is made before the node has accepted it.
        Awaitility.await("it is counted")
            .until(() -> api.metric("settlement_connections") > before);
        counted = api.metric("settlement_connections");
      }
      try (RawConnection oneMore = new RawConnection(api.port())) {
        Api.Answer answer = oneMore.read();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("retry-after");
        assertThat(answer.json().path("code").asText()).isEqualTo("too-many-own-connections");
        assertThat(oneMore.isClosedByServer()).isTrue();
      }
      assertThat(api.metric("settlement_turned_away_total{reason=\"connections-of-address\"}"))
          .isPositive();
    } finally {
      for (RawConnection connection : open) {
        connection.close();
      }
    }
    Awaitility.await("places are given back")
        .until(() -> api.metric("settlement_connections") <= 1);
    assertThat(api.getOpenly("/openapi.yaml").status()).isEqualTo(200);
  }

  @Test
  void a_head_that_asks_too_much_is_refused_before_the_body_is_read(World world) throws Exception {
    Api api = world.startNode();
    world.onboard(api, 1);
    assertEncodedBodiesRefused(api);
    assertManyHeadersRefused(api);
  }

  private static void assertEncodedBodiesRefused(Api api) throws Exception {
    for (Route route : Route.values()) {
      try (RawConnection connection = new RawConnection(api.port())) {
        connection.send(
            route.method().name()
                + " "
                + route.path().replaceAll("[:*]", "x")
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
        Api.Answer answer = connection.read();
        assertThat(answer.status()).as(route.name()).isEqualTo(415);
        assertThat(answer.json().path("code").asText()).isEqualTo("encoded-body");
        assertThat(answer.headers().get("accept-encoding")).containsExactly("identity");
      }
    }
    byte[] sale = Documents.saleJson(1, 1).getBytes(UTF_8);
    try (RawConnection plain = new RawConnection(api.port())) {
      plain.head(
          "/v1/transactions",
          api.token(Role.TERMINAL),
          "application/json",
          sale.length,
          "Content-Encoding: identity\r\n");
      plain.send(sale);
      assertThat(plain.read().status()).isEqualTo(201);
    }
  }

  private static void assertManyHeadersRefused(Api api) throws Exception {
    try (RawConnection connection = new RawConnection(api.port())) {
      connection.send(
          "GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n"
              + "a: b\r\n".repeat(Limits.HEADERS)
              + "\r\n");
      Api.Answer answer = connection.read();
      assertThat(answer.status()).isEqualTo(431);
      assertThat(answer.json().path("code").asText()).isEqualTo("too-many-headers");
      connection.send(
          "GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n"
              + "a: b\r\n".repeat(Limits.HEADERS - 1)
              + "\r\n");
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }

  @Test
  void who_comes_to_http2_by_an_upgrade_is_served_as_long_as_he_asks_and_not_longer(World world)
      throws Exception {
    Api api = world.startNode();
    assertServedOverHttp2(api);
    assertUpgradedFloodCutOff(api);
  }

  private static void assertServedOverHttp2(Api api) throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    HttpRequest ask =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/docs")).build();
    for (int n = 0; n < Limits.HTTP2_IDLE_FRAMES + 50; n++) {
      HttpResponse<String> answer = client.send(ask, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
    assertThat(api.metric("settlement_connections")).as("on one connection").isEqualTo(1);
    assertThat(api.metric("settlement_turned_away_total{reason=\"frame-flood\"}")).isZero();
  }

  private static void assertUpgradedFloodCutOff(Api api) throws Exception {
    byte[] ping = new byte[17];
    ping[2] = 8;
    ping[3] = FrameMeter.PING;
    byte[] settings = new byte[9];
    settings[3] = FrameMeter.SETTINGS;
    try (RawConnection connection = new RawConnection(api.port())) {
      connection.send(
          "GET /v1/nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
              + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
      assertThat(connection.readHead().status()).isEqualTo(101);
      connection.send(FrameMeter.PREFACE);
      connection.send(settings);
      for (int n = 0; n <= Limits.HTTP2_IDLE_FRAMES; n++) {
        connection.send(ping);
      }
      assertThat(connection.isClosedByServer()).isTrue();
    }
    assertThat(api.metric("settlement_turned_away_total{reason=\"frame-flood\"}")).isEqualTo(1);
  }
}
