package dev.settle.load.stage;

import dev.settle.demo.node.Scrape;
import dev.settle.router.access.Role;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Questions and orders beside the load, one by one. Blocking; safe for several threads. */
public final class Calls {

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int EXCERPT = 300;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final Target target;

  public Calls(Target target) {
    this.target = target;
  }

  /**
   * Asks the router as {@code role}. Throws {@link IOException} on anything but 200 with an object.
   */
  public JsonObject ask(Role role, String path) throws IOException, InterruptedException {
    return object(send(authorized(role, path).GET()));
  }

  /**
   * Orders something of the router as {@code role}. Throws {@link IOException} on anything but a
   * 2xx with an object.
   */
  public JsonObject order(Role role, String method, String path, JsonObject body)
      throws IOException, InterruptedException {
    return object(
        send(
            authorized(role, path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body.encode()))));
  }

  /** Sets the faults of the sandbox bank. */
  public void faults(JsonObject faults) throws IOException, InterruptedException {
    send(
        HttpRequest.newBuilder(URI.create(target.requireBank() + "/faults"))
            .timeout(ANSWER)
            .PUT(HttpRequest.BodyPublishers.ofString(faults.encode())));
  }

  /** How often the bank's faults really fired. */
  public JsonObject faultsFired() throws IOException, InterruptedException {
    return object(
        send(
            HttpRequest.newBuilder(URI.create(target.requireBank() + "/faults/fired"))
                .timeout(ANSWER)
                .GET()));
  }

  /** Reads the router's metrics; null when its management port is not known. */
  public @Nullable Scrape metrics() throws IOException, InterruptedException {
    String management = target.management();
    return management == null
        ? null
        : Scrape.parse(
            send(
                HttpRequest.newBuilder(URI.create(management + "/metrics")).timeout(ANSWER).GET()));
  }

  /** Credits that are owed and not posted, of all merchants, at this moment. */
  public long unposted() throws IOException, InterruptedException {
    return ask(Role.AUDITOR, "/v1/unposted").getLong("count", 0L);
  }

  private HttpRequest.Builder authorized(Role role, String path) {
    return HttpRequest.newBuilder(URI.create(target.api() + path))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + target.token(role));
  }

  private String send(HttpRequest.Builder builder) throws IOException, InterruptedException {
    HttpRequest request = builder.build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      String body = answer.body();
      throw new IOException(
          request.method()
              + " "
              + request.uri()
              + " was answered "
              + answer.statusCode()
              + ": "
              + body.substring(0, Math.min(EXCERPT, body.length())));
    }
    return answer.body();
  }

  private static JsonObject object(String body) throws IOException {
    try {
      return new JsonObject(body);
    } catch (DecodeException notAnObject) {
      throw new IOException(
          "not a JSON object: " + body.substring(0, Math.min(EXCERPT, body.length())), notAnObject);
    }
  }
}
