package dev.settle.router.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.access.SignatureCheck;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.World;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Somebody who is told by webhooks: keeps every message as it came, and answers as it is told. */
final class Receiver implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(40);

  /** A message as it came. */
  record Received(String id, String seconds, String signatures, String body) {

    boolean isSignedWith(String secret) {
      return SignatureCheck.isSigned(
          secret, id, seconds, body.getBytes(java.nio.charset.StandardCharsets.UTF_8), signatures);
    }

    JsonNode events() {
      return Api.parse(body).path("events");
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private final HttpServer server;
  private volatile Consumer<HttpServerRequest> answer = Receiver::ok;

  Receiver() throws Exception {
    server =
        World.await(vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
  }

  private void take(HttpServerRequest request) {
    mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    request
        .body()
        .onSuccess(
            body -> {
              received.add(
                  new Received(
                      request.getHeader("webhook-id"),
                      request.getHeader("webhook-timestamp"),
                      request.getHeader("webhook-signature"),
                      body.toString()));
              answer.accept(request);
            });
    request.response().endHandler(end -> underWay.decrementAndGet());
    request.response().closeHandler(end -> underWay.updateAndGet(n -> 0));
  }

  static void ok(HttpServerRequest request) {
    request.response().setStatusCode(204).end();
  }

  static Consumer<HttpServerRequest> status(int status) {
    return request -> request.response().setStatusCode(status).end("no");
  }

  /** Answers after a while. */
  Consumer<HttpServerRequest> after(long millis) {
    return request -> vertx.setTimer(millis, time -> ok(request));
  }

  /** Answers so from now on. */
  void answers(Consumer<HttpServerRequest> with) {
    answer = with;
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/hook?of=test";
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  int mostUnderWay() {
    return mostUnderWay.get();
  }

  /** Every event in the order in which they came, repetitions of a message left out. */
  List<JsonNode> events() {
    List<JsonNode> events = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (Received message : received) {
      if (!ids.contains(message.id())) {
        ids.add(message.id());
        message.events().forEach(events::add);
      }
    }
    return events;
  }

  List<JsonNode> events(String type) {
    return events().stream().filter(event -> event.path("type").asText().equals(type)).toList();
  }

  void await(String what, Predicate<Receiver> holds) {
    Awaitility.await(what).atMost(PATIENCE).until(() -> holds.test(this));
  }

  @Override
  public void close() throws Exception {
    World.await(vertx.close());
  }
}
