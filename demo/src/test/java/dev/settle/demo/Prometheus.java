package dev.settle.demo;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.settle.sandbox.net.FreePort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * A real Prometheus (Debian package {@code prometheus}) with the project's own configuration and
 * rules, but for the targets and for how often it scrapes and evaluates: every second, so that a
 * test sees enough within one.
 */
final class Prometheus implements AutoCloseable {

  static final Path CONFIGURATION = Path.of("../cluster-config/prometheus");

  private static final Duration READY = Duration.ofSeconds(20);
  private static final String LEFT_OUT =
      "LEFT OUT: prometheus is not on the PATH, so no query of the dashboards, rules and alerts was"
          + " tried (apt-get install prometheus)";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String address;

  private Prometheus(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Skips the test, loudly, where there is none. */
  static void require() {
    boolean there =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Path.of(folder, "prometheus").toFile().canExecute());
    if (!there) {
      System.err.println(LEFT_OUT);
    }
    assumeTrue(there, LEFT_OUT);
  }

  /** Starts it, with everything it keeps in {@code folder}; it scrapes these management ports. */
  static Prometheus start(Path folder, List<Integer> ports) throws IOException {
    Files.createDirectories(folder.resolve("rules"));
    writeConfiguration(folder, ports);
    writeRules(folder);
    String listen = "127.0.0.1:" + FreePort.any();
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=" + listen,
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    Prometheus started = new Prometheus(process, "http://" + listen);
    await("Prometheus, whose log is " + folder.resolve("prometheus.log"))
        .atMost(READY)
        .until(started::isReady);
    return started;
  }

  @SuppressWarnings("unchecked")
  private static void writeConfiguration(Path folder, List<Integer> ports) throws IOException {
    Map<String, Object> configuration = yaml(CONFIGURATION.resolve("prometheus.yml"));
    Map<String, Object> global = (Map<String, Object>) configuration.get("global");
    global.put("scrape_interval", "1s");
    global.put("evaluation_interval", "1s");
    var scrape = ((List<Map<String, Object>>) configuration.get("scrape_configs")).get(0);
    List<String> targets = ports.stream().map(port -> "127.0.0.1:" + port).toList();
    ((List<Map<String, Object>>) scrape.get("static_configs")).get(0).put("targets", targets);
    Files.writeString(folder.resolve("prometheus.yml"), new Yaml().dump(configuration));
  }

  @SuppressWarnings("unchecked")
  private static void writeRules(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(CONFIGURATION.resolve("rules"))) {
      for (Path file : files.toList()) {
        Map<String, Object> rules = yaml(file);
        ((List<Map<String, Object>>) rules.get("groups"))
            .forEach(group -> group.remove("interval"));
        Path to = folder.resolve("rules").resolve(file.getFileName());
        Files.writeString(to, new Yaml().dump(rules));
      }
    }
  }

  static Map<String, Object> yaml(Path file) throws IOException {
    return new Yaml().load(Files.readString(file));
  }

  private boolean isReady() {
    try {
      return process.isAlive() && get("/-/ready") != null;
    } catch (IOException notYet) {
      return false;
    }
  }

  private String get(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(10)).build();
    try {
      var response = client.send(request, BodyHandlers.ofString());
      // A query that cannot be evaluated is answered 4xx with the reason.
      if (response.statusCode() >= 500) {
        throw new IOException(path + " was answered " + response.statusCode());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * The series that a query finds now.
   *
   * @throws IOException with what Prometheus says against it
   */
  JsonArray query(String expression) throws IOException {
    String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    JsonObject answer = new JsonObject(get("/api/v1/query?query=" + encoded));
    if (!"success".equals(answer.getString("status"))) {
      throw new IOException(expression + ": " + answer.getString("error"));
    }
    return answer.getJsonObject("data").getJsonArray("result");
  }

  /** Whether a query finds something. */
  boolean finds(String expression) throws IOException {
    return !query(expression).isEmpty();
  }

  /** Every rule of every group, as Prometheus has it. */
  List<JsonObject> rules() throws IOException {
    return new JsonObject(get("/api/v1/rules"))
        .getJsonObject("data").getJsonArray("groups").stream()
            .map(JsonObject.class::cast)
            .flatMap(group -> group.getJsonArray("rules").stream())
            .map(JsonObject.class::cast)
            .toList();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
