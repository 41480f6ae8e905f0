package dev.settle.load.faults;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls the nodes' APIs. Blocking; safe for several threads. */
final class RouterApi {

  private static final Duration CONNECT = Duration.ofMillis(1_500);
  private static final Duration ANSWER = Duration.ofSeconds(4);
  private static final Duration PAUSE = Duration.ofMillis(150);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final List<String> hosts;
  private final int port;

  /** The same port on every host; management is one above. */
  RouterApi(List<String> hosts, int port) {
    this.hosts = hosts;
    this.port = port;
  }

  /** A whole answer. */
  record Answer(int status, String body) {

    /** The body as an object, empty when it is none. */
    JsonObject json() {
      try {
        return new JsonObject(body);
      } catch (DecodeException notAnObject) {
        return new JsonObject();
      }
    }
  }

  /**
   * A call.
   *
   * @param body null: none
   */
  record Call(String token, String method, String path, @Nullable String body) {}

  /** No node decided about a call in time. */
  static final class Undecided extends Exception {
    private static final long serialVersionUID = 1L;

    Undecided(String message) {
      super(message);
    }
  }

  /**
   * Makes a call at {@code node} and, while it is not decided (no answer, 429, 5xx), at the next
   * nodes in turn; so it may have been carried out before its answer comes.
   */
  Answer decided(int node, Call call, Duration patience) throws Undecided, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (int attempt = 0; ; attempt++) {
      String undecided;
      try {
        Answer answer = once((node + attempt) % hosts.size(), call);
        if (answer.status() < 500 && answer.status() != 429) {
          return answer;
        }
        undecided = answer.status() + " " + answer.body();
      } catch (IOException noAnswer) {
        undecided = String.valueOf(noAnswer.getMessage());
      }
      if (System.nanoTime() - end > 0) {
        throw new Undecided(call.method() + " " + call.path() + ": " + undecided);
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  /** Makes a call at one node, once. */
  Answer once(int node, Call call) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + hosts.get(node) + ":" + port + call.path()))
            .timeout(ANSWER)
            .header("Authorization", "Bearer " + call.token());
    String body = call.body();
    if (body == null) {
      return send(request.method(call.method(), HttpRequest.BodyPublishers.noBody()));
    }
    return send(
        request
            .header(
                "Content-Type", body.endsWith("\n") ? "application/x-ndjson" : "application/json")
            .method(call.method(), HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Asks a node's management port. */
  Answer management(int node, String path) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create("http://" + hosts.get(node) + ":" + (port + 1) + path))
            .timeout(ANSWER)
            .GET());
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(answer.statusCode(), answer.body());
  }
}
