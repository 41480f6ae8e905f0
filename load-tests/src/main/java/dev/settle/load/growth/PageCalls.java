package dev.settle.load.growth;

import dev.settle.load.growth.ConsolePage.Call;
import dev.settle.load.stand.BrokenPromise;
import dev.settle.load.stand.Stand;
import dev.settle.router.access.Role;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks a router what a page of the console asks, its calls at once as a browser does. */
final class PageCalls implements AutoCloseable {

  /** The stream of events; asked for until the first event is there. */
  static final String EVENTS = "/v1/events";

  /** A browser has so many connections to a host. */
  private static final int CONNECTIONS = 6;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAGE = PATIENCE.multipliedBy(2);

  private final Stand stand;
  private final ExecutorService workers = Executors.newFixedThreadPool(CONNECTIONS);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  PageCalls(Stand stand) {
    this.stand = stand;
  }

  /** Milliseconds until the last of a page's calls was answered; each has to be, with 200. */
  double ask(ConsolePage page) throws Exception {
    List<Callable<Void>> work =
        page.calls().stream().map(call -> (Callable<Void>) () -> answered(call)).toList();
    long from = System.nanoTime();
    // The first event of a stream is waited for by nobody but us.
    for (Future<Void> one : workers.invokeAll(work, PAGE.toSeconds(), TimeUnit.SECONDS)) {
      try {
        one.get();
      } catch (CancellationException late) {
        throw new BrokenPromise(page.name() + " has no answer within " + PAGE.toSeconds() + " s");
      } catch (ExecutionException failed) {
        throw failed.getCause() instanceof Exception cause ? cause : failed;
      }
    }
    return (System.nanoTime() - from) / 1e6;
  }

  /** What a call answers. */
  JsonObject get(String path) throws IOException, InterruptedException {
    return new JsonObject(
        http.send(request(new Call(Role.OPERATOR, path, null)), BodyHandlers.ofString()).body());
  }

  private Void answered(Call call) throws IOException, InterruptedException {
    if (call.path().equals(EVENTS)) {
      HttpResponse<InputStream> stream = http.send(request(call), BodyHandlers.ofInputStream());
      try (InputStream in = stream.body()) {
        require(call, stream.statusCode(), in.read() >= 0 ? "" : "nothing");
      }
      return null;
    }
    HttpResponse<String> answer = http.send(request(call), BodyHandlers.ofString());
    require(call, answer.statusCode(), answer.body());
    return null;
  }

  private static void require(Call call, int status, String said) throws IOException {
    if (status != 200) {
      throw new BrokenPromise(call.path() + " was answered " + status + ": " + said);
    }
  }

  private HttpRequest request(Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stand.port() + call.path()))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + stand.token(call.role()));
    JsonObject body = call.body();
    return body == null
        ? request.GET().build()
        : request
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build();
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
