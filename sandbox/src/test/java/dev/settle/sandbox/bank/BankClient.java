package dev.settle.sandbox.bank;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A blocking client of the bank, as a stranger would write it. */
final class BankClient {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  BankClient(int port) {
    this.port = port;
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  HttpResponse<String> post(String path, String body) {
    return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> put(String path, String body) {
    return send(HttpRequest.newBuilder(uri(path)).PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  JsonObject pay(JsonObject... transfers) {
    HttpResponse<String> response = post("/credit-transfers", request(transfers));
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return new JsonObject(response.body());
  }

  /** The answer, null when there is none within the time; throws when the connection is cut. */
  @Nullable HttpResponse<String> payWithin(Duration patience, JsonObject... transfers)
      throws IOException {
    var answer = payAsync(transfers);
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return null;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  CompletableFuture<HttpResponse<String>> payAsync(JsonObject... transfers) {
    HttpRequest asked =
        HttpRequest.newBuilder(uri("/credit-transfers"))
            .POST(HttpRequest.BodyPublishers.ofString(request(transfers)))
            .build();
    return http.sendAsync(asked, HttpResponse.BodyHandlers.ofString());
  }

  /** Sets the faults, given as name and value in turn. */
  void faults(Object... namesAndValues) {
    JsonObject faults = new JsonObject();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      faults.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    HttpResponse<String> response = put("/faults", faults.encode());
    if (response.statusCode() != 200) {
      throw new AssertionError(response.body());
    }
  }

  long fired(String name) {
    return new JsonObject(get("/faults/fired").body()).getLong(name);
  }

  JsonObject enquire(String id) {
    return new JsonObject(get("/credit-transfers/" + id).body());
  }

  /** The status of each id, by the call for many. */
  List<JsonObject> enquireAll(String... ids) {
    String body = new JsonObject().put("endToEndIds", new JsonArray(List.of(ids))).encode();
    JsonObject answer = new JsonObject(post("/credit-transfers/enquiries", body).body());
    return answer.getJsonArray("results").stream().map(JsonObject.class::cast).toList();
  }

  List<JsonObject> statement() {
    return get("/statement").body().lines().map(JsonObject::new).toList();
  }

  static JsonObject only(JsonObject answer) {
    return answer.getJsonArray("results").getJsonObject(0);
  }

  JsonObject verify(String account, boolean testCredit) {
    JsonObject body =
        new JsonObject().put("account", account).put("bank", "102").put("holder", "李 四");
    if (testCredit) {
      body.put("testCredit", true);
    }
    return new JsonObject(post("/accounts/verify", body.encode()).body());
  }

  /** With a test credit, under an id of its own. */
  JsonObject verify(String account, String requestId) {
    JsonObject body =
        new JsonObject()
            .put("account", account)
            .put("bank", "102")
            .put("holder", "李 四")
            .put("testCredit", true)
            .put("requestId", requestId);
    return new JsonObject(post("/accounts/verify", body.encode()).body());
  }

  List<JsonObject> books(String since) {
    String query =
        since.isEmpty() ? "" : "?since=" + URLEncoder.encode(since, StandardCharsets.UTF_8);
    return get("/books" + query).body().lines().map(JsonObject::new).toList();
  }

  JsonObject summary() {
    return new JsonObject(get("/books/summary").body());
  }

  static JsonObject transfer(String id, String account, long amountMinor) {
    return new JsonObject()
        .put("endToEndId", id)
        .put("account", account)
        .put("bank", "102")
        .put("holder", "张三")
        .put("amountMinor", amountMinor)
        .put("currency", "CNY");
  }

  static String request(JsonObject... transfers) {
    return new JsonObject()
        .put("messageId", "message-1")
        .put("transfers", new JsonArray(List.of(transfers)))
        .encode();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
