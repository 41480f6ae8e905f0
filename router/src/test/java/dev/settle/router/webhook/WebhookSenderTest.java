package dev.settle.router.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import dev.settle.router.testing.World;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JksOptions;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A message goes to the address that was looked at, and TLS to the name. */
class WebhookSenderTest {

  private static final String PASSWORD = "password";

  private final Vertx vertx = Vertx.vertx();
  private final List<String> hosts = new CopyOnWriteArrayList<>();

  @TempDir Path directory;

  @AfterEach
  void close() throws Exception {
    World.await(vertx.close());
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(literal, e);
    }
  }

  private HttpServer server(HttpServerOptions options, String host) throws Exception {
    return World.await(
        vertx
            .createHttpServer(options)
            .requestHandler(
                request -> {
                  hosts.add(host + " " + request.authority());
                  request.response().end();
                })
            .listen(0, host));
  }

  private static Message message(String url) {
    return new Message(7, url, "shop.example", 0, 1, 1, 0, Duration.ZERO);
  }

  private Answer send(Resolver resolver, HttpClientOptions tls, String url) throws Exception {
    Sender sender = new Sender(Sender.client(vertx, tls), resolver, Clock.systemUTC(), true);
    return World.await(send(sender, url));
  }

  private static Future<Answer> send(Sender sender, String url) {
    Message message = message(url);
    return sender.send(
        message,
        message.body(List.of()),
        List.of(Secret.fresh()),
        System.nanoTime() + TimeUnit.SECONDS.toNanos(30));
  }

  /** 127.0.0.2 is this machine too, but no name says so: only who connects to it gets there. */
  @Test
  void the_connection_is_made_to_the_address_that_was_looked_at_and_the_host_stays_the_name()
      throws Exception {
    HttpServer there = server(new HttpServerOptions(), "127.0.0.2");
    String url = "http://localhost:" + there.actualPort() + "/hook";

    Answer answer =
        send(
            host -> Future.succeededFuture(List.of(address("127.0.0.2"))),
            new HttpClientOptions(),
            url);

    assertThat(answer.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
    assertThat(hosts).containsExactly("127.0.0.2 localhost:" + there.actualPort());
  }

  @Test
  void a_receiver_may_take_longer_to_answer_than_to_take_a_connection() throws Exception {
    HttpServer slow =
        World.await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        vertx.setTimer(
                            Limits.WEBHOOK_CONNECT.toMillis() + 1_000,
                            later -> request.response().end()))
                .listen(0, "127.0.0.1"));

    Answer answer =
        send(
            host -> Future.succeededFuture(List.of(address("127.0.0.1"))),
            new HttpClientOptions(),
            "http://localhost:" + slow.actualPort() + "/hook");

    assertThat(answer.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
  }

  @Test
  void a_name_that_says_something_else_the_next_time_is_looked_at_again() throws Exception {
    HttpServer there = server(new HttpServerOptions(), "127.0.0.2");
    Deque<String> says = new ArrayDeque<>(List.of("127.0.0.2", "10.0.0.7", "169.254.169.254"));
    Sender sender =
        new Sender(
            Sender.client(vertx, new HttpClientOptions()),
            host -> Future.succeededFuture(List.of(address(says.remove()))),
            Clock.systemUTC(),
            true);
    String url = "http://localhost:" + there.actualPort() + "/hook";

    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      outcomes.add(World.await(send(sender, url)).outcome());
    }

    assertThat(outcomes)
        .containsExactly(Outcome.ACKNOWLEDGED, Outcome.DESTINATION, Outcome.DESTINATION);
    assertThat(says).as("one question for each message").isEmpty();
    assertThat(hosts).hasSize(1);
  }

  @Test
  void a_certificate_of_another_name_is_not_taken() throws Exception {
    Resolver resolver = host -> Future.succeededFuture(List.of(address("127.0.0.2")));
    Path good = keyStore("localhost");
    Path other = keyStore("shop.example");
    HttpServer named = server(tls(good), "127.0.0.2");
    HttpServer another = server(tls(other), "127.0.0.2");

    assertThat(
            send(resolver, trust(good), "https://localhost:" + named.actualPort() + "/").outcome())
        .isEqualTo(Outcome.ACKNOWLEDGED);
    assertThat(
            send(resolver, trust(other), "https://localhost:" + another.actualPort() + "/")
                .outcome())
        .isEqualTo(Outcome.NOT_REACHED);
    assertThat(
            send(resolver, new HttpClientOptions(), "https://localhost:" + named.actualPort() + "/")
                .outcome())
        .as("nobody vouches for it")
        .isEqualTo(Outcome.NOT_REACHED);
  }

  private static HttpServerOptions tls(Path store) {
    return new HttpServerOptions().setSsl(true).setKeyCertOptions(jks(store));
  }

  private static HttpClientOptions trust(Path store) {
    return new HttpClientOptions().setTrustOptions(jks(store));
  }

  private static JksOptions jks(Path store) {
    return new JksOptions().setPath(store.toString()).setPassword(PASSWORD);
  }

  private Path keyStore(String name) throws Exception {
    Path store = directory.resolve(name + ".jks");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-storetype",
            "JKS",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD,
            "-keypass",
            PASSWORD,
            "-alias",
            name,
            "-keyalg",
            "EC",
            "-validity",
            "2",
            "-dname",
            "CN=" + name,
            "-ext",
            "SAN=dns:" + name);
    Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(made.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(made.waitFor()).as(said).isZero();
    assertThat(Files.exists(store)).isTrue();
    return store;
  }
}
