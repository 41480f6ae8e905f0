package dev.settle.router.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.settle.router.access.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A node's HTTP interface, as a blocking client that keeps every acknowledgement. */
public final class Api {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final int port;
  private final int managementPort;
  private final Function<Role, String> mint;
  private final BiFunction<Role, String, String> mintFor;
  private final Map<Role, String> tokens = new ConcurrentHashMap<>();
  private final Acknowledged acknowledged;

  Api(
      int port,
      int managementPort,
      BiFunction<Role, String, String> mintFor,
      Acknowledged acknowledged) {
    this(
        port,
        managementPort,
        role -> mintFor.apply(role, role.text() + "-1"),
        mintFor,
        acknowledged);
  }

  private Api(
      int port,
      int managementPort,
      Function<Role, String> mint,
      BiFunction<Role, String, String> mintFor,
      Acknowledged acknowledged) {
    this.mintFor = mintFor;
    this.port = port;
    this.managementPort = managementPort;
    this.mint = mint;
    this.acknowledged = acknowledged;
  }

  /** The same node, called by somebody of this name in whatever role. */
  public Api as(String subject) {
    return new Api(
        port, managementPort, role -> mintFor.apply(role, subject), mintFor, acknowledged);
  }

  public int port() {
    return port;
  }

  public String token(Role role) {
    return tokens.computeIfAbsent(role, mint);
  }

  /** An answer. */
  public record Answer(int status, Map<String, List<String>> headers, String body) {
    public JsonNode json() {
      return parse(body);
    }

    public String contentType() {
      return headers.getOrDefault("content-type", List.of("")).get(0);
    }
  }

  public Answer post(String path, Role role, String contentType, byte[] body) {
    return send(
        request(path, role)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  /** PUT of a JSON document. */
  public Answer put(String path, Role role, String body) {
    return send(
        request(path, role)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  public Answer get(String path, Role role) {
    return send(request(path, role).GET().build());
  }

  /** GET without a token. */
  public Answer getOpenly(String path) {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).GET().build());
  }

  public Answer getManagement(String path) {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
            .GET()
            .build());
  }

  /** What a scrape shows of a series, named with its labels; fails when it shows none. */
  public double metric(String series) {
    return getManagement("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metric " + series));
  }

  /** POST /v1/transactions. */
  public Answer sell(String transaction) {
    Answer answer =
        post(
            "/v1/transactions",
            Role.TERMINAL,
            "application/json",
            transaction.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    if (answer.status() / 100 == 2) {
      acknowledged.add(parse(transaction), answer.json().path("creditId").asText());
    }
    return answer;
  }

  /** POST /v1/transactions/bulk; one answer for each line. */
  public List<JsonNode> sellBulk(List<String> transactions) {
    String body = String.join("\n", transactions) + "\n";
    Answer answer =
        post(
            "/v1/transactions/bulk",
            Role.TERMINAL,
            "application/x-ndjson",
            body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    List<JsonNode> lines = lines(answer.body());
    for (JsonNode line : lines) {
      if (line.has("creditId")) {
        acknowledged.add(
            parse(transactions.get(line.path("line").asInt() - 1)), line.path("creditId").asText());
      }
    }
    return lines;
  }

  public List<JsonNode> onboardBulk(String lines) {
    return lines(
        post(
                "/v1/merchants/bulk",
                Role.OPERATOR,
                "application/x-ndjson",
                lines.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .body());
  }

  public HttpRequest.Builder request(String path, Role role) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token(role));
  }

  public Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers().map(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An answer whose body, where it is a good one, is not waited for. */
  public Answer begin(HttpRequest request) {
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        String text =
            response.statusCode() == 200
                ? ""
                : new String(body.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Answer(response.statusCode(), response.headers().map(), text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<JsonNode> lines(String body) {
    List<JsonNode> lines = new ArrayList<>();
    body.lines().forEach(line -> lines.add(parse(line)));
    return lines;
  }

  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
