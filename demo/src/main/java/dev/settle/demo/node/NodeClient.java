package dev.settle.demo.node;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks a node on the loopback interface, waiting for each answer. Blocking: for the demo's own
 * threads, any number of them.
 */
public final class NodeClient {

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration QUICK = Duration.ofSeconds(3);
  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofMinutes(2);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  /**
   * A whole answer.
   *
   * @param status the HTTP status
   */
  public record Answer(int status, String body) {}

  /**
   * Health and metrics: small, and not worth waiting for. Throws {@link IOException} when there is
   * no answer.
   */
  public Answer get(int port, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(address(port, path)).timeout(QUICK).GET().build());
  }

  /**
   * Any call with a JSON body, or without one when that is null. Throws {@link IOException} when
   * there is no whole answer.
   */
  public Answer send(String method, int port, String path, String token, @Nullable JsonObject body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(port, path))
            .timeout(PATIENT)
            .header("Authorization", "Bearer " + token);
    if (body == null) {
      return send(request.method(method, HttpRequest.BodyPublishers.noBody()).build());
    }
    return send(
        request
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body.encode()))
            .build());
  }

  /** Posts NDJSON lines. Throws {@link IOException} when there is no whole answer. */
  public Answer postLines(int port, String path, String token, String lines)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(address(port, path))
            .timeout(LONG)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(lines))
            .build());
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  private static URI address(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
