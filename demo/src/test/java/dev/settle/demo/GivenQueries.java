package dev.settle.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The queries that people and Prometheus are given: by where they stand, what they ask. */
final class GivenQueries {

  private static final Path DASHBOARDS = Path.of("../cluster-config/grafana/dashboards");
  private static final Path METRICS = Path.of("../docs/operating/metrics.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^\\| ([^|]+) \\| `([^`]+)` \\|$");

  /** Label matchers, or a comparison outside of them. */
  private static final Pattern COMPARISON =
      Pattern.compile("\\{[^}]*\\}|(==|!=|>=|<=|>|<)(?!\\s*bool)\\s*");

  private GivenQueries() {}

  /** Of panels and annotations, with Grafana's variables filled in. */
  static Map<String, String> ofDashboards() throws IOException {
    Map<String, String> queries = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(DASHBOARDS)) {
      for (Path file : files.sorted().toList()) {
        JsonObject dashboard = new JsonObject(Files.readString(file));
        for (JsonObject panel : objects(dashboard.getJsonArray("panels"))) {
          for (JsonObject target : objects(panel.getJsonArray("targets"))) {
            queries.put(
                file.getFileName()
                    + " / "
                    + panel.getString("title")
                    + " / "
                    + target.getString("refId"),
                filled(target.getString("expr")));
          }
        }
      }
    }
    return queries;
  }

  /** Every node, and rates over a few of this test's scrapes. */
  private static String filled(String expression) {
    return expression.replace("$__rate_interval", "10s").replace("$instance", ".*");
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  /** Of recording rules. */
  static Map<String, String> ofRecordingRules() throws IOException {
    return ofRules("recording.yaml", "record");
  }

  /** Of alerts. */
  static Map<String, String> ofAlerts() throws IOException {
    return ofRules("alerts.yaml", "alert");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> ofRules(String file, String name) throws IOException {
    Map<String, String> queries = new LinkedHashMap<>();
    Map<String, Object> document =
        Prometheus.yaml(Prometheus.CONFIGURATION.resolve("rules").resolve(file));
    for (Map<String, Object> group : (List<Map<String, Object>>) document.get("groups")) {
      for (Map<String, Object> rule : (List<Map<String, Object>>) group.get("rules")) {
        queries.put(file + " / " + rule.get(name), String.valueOf(rule.get("expr")));
      }
    }
    return queries;
  }

  /** The examples of the page on metrics. */
  static Map<String, String> ofExamples() throws IOException {
    Map<String, String> queries = new LinkedHashMap<>();
    Matcher rows = EXAMPLE.matcher(Files.readString(METRICS));
    while (rows.find()) {
      queries.put("metrics.md / " + rows.group(1), rows.group(2));
    }
    return queries;
  }

  /**
   * The same query with each comparison answering 0 or 1 where it would drop what does not fit: so
   * an alert that does not fire can be told from one that has nothing to look at.
   */
  static String undecided(String expression) {
    return COMPARISON
        .matcher(expression)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group(1) == null ? found.group() : found.group(1) + " bool "));
  }
}
