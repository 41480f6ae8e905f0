package dev.settle.router.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** The levers of the sandbox bank. */
public final class BankControl {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String address;

  public BankControl(int port) {
    this.address = "http://127.0.0.1:" + port;
  }

  /** These faults from now on, and no others. */
  public void faults(String json) throws IOException, InterruptedException {
    put("/faults", json);
  }

  /** Whom the bank notifies from now on. */
  public void notify(String url, String secret) throws IOException, InterruptedException {
    put(
        "/notification-target",
        JSON.createObjectNode().put("url", url).put("secret", secret).toString());
  }

  /** How often a fault has fired. */
  public long fired(String fault) throws IOException, InterruptedException {
    JsonNode fired = get("/faults/fired");
    return fired.path(fault).asLong();
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address + path)).build();
    return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  private void put(String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
  }
}
