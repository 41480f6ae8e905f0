package dev.settle.router.ingest;

import dev.settle.router.access.Role;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * More single sales at once than there could be connections: over HTTP/2, where one connection
 * carries many.
 */
final class CrowdOfTerminals implements AutoCloseable {

  private static final int CONNECTIONS = 400;
  private static final int PATIENCE_SECONDS = 60;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false),
          new PoolOptions().setHttp2MaxSize(CONNECTIONS));
  private final Api api;
  private final List<Future<Integer>> sales = new ArrayList<>();

  CrowdOfTerminals(Api api) {
    this.api = api;
  }

  /** Offers that many sales of one merchant and waits for no answer. */
  void sell(int merchant, int howMany) {
    for (int n = 0; n < howMany; n++) {
      Buffer sale = Buffer.buffer(Documents.saleJson(merchant, n));
      sales.add(
          client
              .request(request())
              .compose(request -> request.send(sale))
              .map(HttpClientResponse::statusCode));
    }
  }

  private RequestOptions request() {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost("127.0.0.1")
        .setPort(api.port())
        .setURI("/v1/transactions")
        .putHeader("Authorization", "Bearer " + api.token(Role.TERMINAL))
        .putHeader("Content-Type", "application/json");
  }

  /** Waits for all answers and counts them by status. */
  Map<Integer, Integer> answers() throws Exception {
    Map<Integer, Integer> answers = new TreeMap<>();
    for (Future<Integer> sale : sales) {
      answers.merge(sale.await(PATIENCE_SECONDS, TimeUnit.SECONDS), 1, Integer::sum);
    }
    return answers;
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
