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
import java.util.List;

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
