package dev.settle.router.observability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Grafana's dashboards as they stand in their files. */
final class Dashboards {

  static final Path FOLDER = Path.of("../cluster-config/grafana/dashboards");

  private static final ObjectMapper JSON = new ObjectMapper();

  private Dashboards() {}

  /** By the name of the file. */
  static Map<String, JsonNode> all() throws IOException {
    Map<String, JsonNode> dashboards = new TreeMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        dashboards.put(file.getFileName().toString(), JSON.readTree(Files.readString(file)));
      }
    }
    return dashboards;
  }

  /** Every query of panels and annotations, with Grafana's variables filled in. */
  static List<String> queries() throws IOException {
    List<String> queries = new ArrayList<>();
    for (JsonNode dashboard : all().values()) {
      for (JsonNode panel : dashboard.path("panels")) {
        queries.addAll(queries(panel));
      }
      for (JsonNode annotation : dashboard.path("annotations").path("list")) {
        queries.add(filled(annotation.path("expr").asText()));
      }
    }
    return queries;
  }

  static List<String> queries(JsonNode panel) {
    List<String> queries = new ArrayList<>();
    panel.path("targets").forEach(target -> queries.add(filled(target.path("expr").asText())));
    return queries;
  }

  /** As Grafana fills them in when every node is chosen. */
  private static String filled(String expression) {
    return expression.replace("$__rate_interval", "1m").replace("$instance", ".*");
  }
}
