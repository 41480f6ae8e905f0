package dev.settle.sandbox.bank;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Somebody who is notified, and verifies signatures by the published scheme with its own code. */
final class Receiver implements AutoCloseable {
  static final byte[] KEY = "a secret of the test's own".getBytes(StandardCharsets.UTF_8);
  static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);

  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final HttpServer server;

  /** Answers the n-th request, from 1, with the status that {@code statuses} gives for it. */
  Receiver(IntUnaryOperator statuses) {
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/notifications", exchange -> take(exchange, statuses));
    server.start();
  }

  private void take(HttpExchange exchange, IntUnaryOperator statuses) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int status = statuses.applyAsInt(requests.incrementAndGet());
    String id = exchange.getRequestHeaders().getFirst("webhook-id");
    String timestamp = exchange.getRequestHeaders().getFirst("webhook-timestamp");
    String signature = exchange.getRequestHeaders().getFirst("webhook-signature");
    boolean signed = signature.equals("v1," + sign(id + "." + timestamp + ".", body));
    JsonObject json = new JsonObject(new String(body, StandardCharsets.UTF_8));
    messages.add(new Message(id, signed, status, json));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static String sign(String before, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
      mac.update(before.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/notifications";
  }

  NotificationTarget target() {
    return NotificationTarget.of(url(), SECRET);
  }

  /** What came, in order, refused ones included. */
  List<Message> messages() {
    return messages;
  }

  /** The type and end-to-end id of what came, in order. */
  List<String> told() {
    return messages.stream().map(Message::told).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** One request that came, and how it was answered. */
  record Message(String id, boolean signed, int answered, JsonObject body) {
    String told() {
      String entry = body.getString("entryStatus", "");
      return body.getString("type") + " " + body.getString("endToEndId") + " " + entry;
    }
  }
}
