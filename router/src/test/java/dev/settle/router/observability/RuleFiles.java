package dev.settle.router.observability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.Yaml;

/** The rules that Prometheus is given. */
final class RuleFiles {

  /** What {@code cluster-config/prometheus} holds. */
  static final Path FOLDER = Path.of("../cluster-config/prometheus");

  static final Path ALERTS = FOLDER.resolve("rules/alerts.yaml");
  private static final Path RECORDING = FOLDER.resolve("rules/recording.yaml");

  /** An alert as it stands in its file. */
  record Alert(String name, String expression, String severity, String summary, String runbook) {}

  private RuleFiles() {}

  /** In the order of the file. */
  static List<Alert> alerts() throws IOException {
    List<Alert> alerts = new ArrayList<>();
    for (Map<String, Object> rule : rules(ALERTS)) {
      Map<?, ?> labels = (Map<?, ?>) rule.getOrDefault("labels", Map.of());
      Map<?, ?> annotations = (Map<?, ?>) rule.getOrDefault("annotations", Map.of());
      alerts.add(
          new Alert(
              String.valueOf(rule.get("alert")),
              String.valueOf(rule.get("expr")),
              String.valueOf(labels.get("severity")),
              String.valueOf(annotations.get("summary")),
              String.valueOf(annotations.get("runbook_url"))));
    }
    return alerts;
  }

  /** The recorded names with their expressions. */
  static Map<String, String> recorded() throws IOException {
    Map<String, String> recorded = new TreeMap<>();
    for (Map<String, Object> rule : rules(RECORDING)) {
      recorded.put(String.valueOf(rule.get("record")), String.valueOf(rule.get("expr")));
    }
    return recorded;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> rules(Path file) throws IOException {
    Map<String, Object> document = new Yaml().load(Files.readString(file));
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Map<String, Object> group : (List<Map<String, Object>>) document.get("groups")) {
      rules.addAll((List<Map<String, Object>>) group.get("rules"));
    }
    return rules;
  }
}
