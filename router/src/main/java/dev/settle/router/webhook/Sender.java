package dev.settle.router.webhook;

import dev.settle.router.platform.Limits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Sends one message to where its webhook says, and to no other place: the address is read anew, the
 * host's name is looked up by us, every address that it has is looked at, and the connection is
 * made to the one that was looked at, whatever the name says a moment later; TLS and the Host
 * header go by the name. No redirect is followed, nothing is unpacked, and of the answer nothing
 * but its status is used.
 */
public final class Sender {

  /**
   * A host is this one connection's peer for a minute at most, then it is looked up anew anyway.
   */
  private static final int KEPT_SECONDS = 30;

  private final HttpClient client;
  private final Resolver resolver;
  private final Clock clock;
  private final boolean loopback;

  /**
   * @param loopback whether this machine may be a receiver
   */
  public Sender(Vertx vertx, SystemResolver resolver, boolean loopback) {
    this(client(vertx, new HttpClientOptions()), resolver, Clock.systemUTC(), loopback);
  }

  Sender(HttpClient client, Resolver resolver, Clock clock, boolean loopback) {
    this.client = client;
    this.resolver = resolver;
    this.clock = clock;
    this.loopback = loopback;
  }

  static HttpClient client(Vertx vertx, HttpClientOptions tls) {
    int atOnce = Limits.WEBHOOK_SOUND_AT_ONCE + Limits.WEBHOOK_FAILING_AT_ONCE;
    return vertx.createHttpClient(
        tls.setSsl(true)
            .setVerifyHost(true)
            .setDecompressionSupported(false)
            .setConnectTimeout((int) Limits.WEBHOOK_CONNECT.toMillis())
            .setSslHandshakeTimeout(Limits.WEBHOOK_CONNECT.toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setIdleTimeout((int) Limits.WEBHOOK_ANSWER.toSeconds() + 1)
            .setKeepAliveTimeout(KEPT_SECONDS),
        new PoolOptions().setHttp1MaxSize(atOnce).setMaxWaitQueueSize(atOnce));
  }

  /**
   * Sends it, unless {@code until} (of {@link System#nanoTime}) is over before it has a connection.
   * Never fails.
   */
  Future<Answer> send(Message message, Buffer body, List<Secret> secrets, long until) {
    Destination to;
    try {
      to = Destination.of(message.url(), loopback);
    } catch (Destination.Refused refused) {
      return Future.succeededFuture(Answer.of(Outcome.DESTINATION));
    }
    return resolver
        .resolve(to.host())
        .compose(addresses -> choose(to, addresses))
        .compose(address -> client.request(options(to, address)))
        .compose(request -> post(request, message, body, secrets, until))
        .recover(failure -> Future.succeededFuture(Answer.of(outcome(failure))));
  }

  private static Future<InetAddress> choose(Destination to, List<InetAddress> addresses) {
    try {
      return Future.succeededFuture(to.choose(addresses));
    } catch (Destination.Refused refused) {
      return Future.failedFuture(refused);
    }
  }

  private static Outcome outcome(Throwable failure) {
    return failure instanceof Destination.Refused
        ? Outcome.DESTINATION
        : failure instanceof TimeoutException ? Outcome.NO_ANSWER : Outcome.NOT_REACHED;
  }

  private static RequestOptions options(Destination to, InetAddress address) {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(SocketAddress.inetSocketAddress(to.port(), address.getHostAddress()))
        .setHost(to.host())
        .setPort(to.port())
        .setSsl(to.secure())
        .setURI(to.target())
        .setFollowRedirects(false)
        // For a connection alone: with setTimeout the answer would have no longer.
        .setConnectTimeout(Limits.WEBHOOK_CONNECT.toMillis());
  }

  private Future<Answer> post(
      HttpClientRequest request, Message message, Buffer body, List<Secret> secrets, long until) {
    if (System.nanoTime() - until > 0) {
      return request.reset().transform(gone -> Future.succeededFuture(Answer.of(Outcome.UNSENT)));
    }
    long seconds = clock.instant().getEpochSecond();
    String signatures =
        secrets.stream()
            .map(secret -> secret.sign(message.id(), seconds, body.getBytes()))
            .collect(Collectors.joining(" "));
    // What breaks is the outcome of the send; once it has answered, nothing of ours.
    request.exceptionHandler(cut -> {});
    return request
        .putHeader("Content-Type", "application/json")
        .putHeader("User-Agent", "settlement-router")
        .putHeader("webhook-id", message.id())
        .putHeader("webhook-timestamp", String.valueOf(seconds))
        .putHeader("webhook-signature", signatures)
        .send(body)
        .timeout(Limits.WEBHOOK_ANSWER.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(lost -> request.reset())
        .map(
            response -> {
              discard(response);
              return Answer.ofStatus(response.statusCode());
            });
  }

  /** So that the connection can be used again; one that brings much, or takes long, is closed. */
  private static void discard(HttpClientResponse response) {
    AtomicLong bytes = new AtomicLong();
    response.exceptionHandler(cut -> {});
    response.handler(
        piece -> {
          if (bytes.addAndGet(piece.length()) > Limits.WEBHOOK_ANSWER_BYTES) {
            response.request().reset();
          }
        });
    response
        .end()
        .timeout(Limits.WEBHOOK_CONNECT.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(late -> response.request().reset());
  }
}
