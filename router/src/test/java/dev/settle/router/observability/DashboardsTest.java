package dev.settle.router.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.settle.router.telemetry.MetricName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Every panel says what it shows, in which unit and from where it is bad, and asks for what exists,
 * of whichever Prometheus the reader has. That its queries can be read is {@link PromtoolTest}'s,
 * that they are answered {@code PrometheusIT}'s.
 */
class DashboardsTest {

  private static final int COLUMNS = 24;

  @Test
  void the_five_are_there() throws IOException {
    assertThat(Dashboards.all().keySet())
        .containsExactly(
            "bindings.json", "node.json", "overview.json", "rails.json", "unposted.json");
    Set<String> uids = new TreeSet<>();
    Dashboards.all().values().forEach(dashboard -> uids.add(dashboard.path("uid").asText()));
    assertThat(uids).hasSize(5);
  }

  @Test
  void every_panel_says_what_it_shows_in_which_unit_and_from_where_it_is_bad() throws IOException {
    for (Map.Entry<String, JsonNode> dashboard : Dashboards.all().entrySet()) {
      assertThat(dashboard.getValue().path("description").asText()).hasSizeGreaterThan(40);
      for (JsonNode panel : dashboard.getValue().path("panels")) {
        String which = dashboard.getKey() + ": " + panel.path("title").asText();
        JsonNode defaults = panel.path("fieldConfig").path("defaults");
        assertThat(panel.path("title").asText()).as(which).isNotBlank();
        assertThat(panel.path("description").asText()).as(which).hasSizeGreaterThan(30);
        assertThat(defaults.path("unit").asText()).as(which).isNotBlank();
        assertThat(defaults.path("thresholds").path("steps")).as(which).isNotEmpty();
        assertThat(panel.path("targets")).as(which).isNotEmpty();
      }
    }
  }

  @Test
  void thresholds_rise() throws IOException {
    for (JsonNode panel : panels()) {
      double before = Double.NEGATIVE_INFINITY;
      for (JsonNode step :
          panel.path("fieldConfig").path("defaults").path("thresholds").path("steps")) {
        double value =
            step.path("value").isNull() ? -Double.MAX_VALUE : step.path("value").asDouble();
        assertThat(value).as(panel.path("title").asText()).isGreaterThan(before);
        before = value;
      }
    }
  }

  @Test
  void whoever_reads_chooses_the_prometheus() throws IOException {
    for (Map.Entry<String, JsonNode> dashboard : Dashboards.all().entrySet()) {
      JsonNode first = dashboard.getValue().path("templating").path("list").path(0);
      assertThat(first.path("type").asText()).isEqualTo("datasource");
      assertThat(first.path("name").asText()).isEqualTo("datasource");
      List<JsonNode> sources = dashboard.getValue().findValues("datasource");
      assertThat(sources).as(dashboard.getKey()).hasSizeGreaterThan(10);
      for (JsonNode source : sources) {
        assertThat(source.path("uid").asText()).as(dashboard.getKey()).isEqualTo("${datasource}");
      }
    }
  }

  @Test
  void every_query_asks_for_metrics_and_labels_that_exist() throws IOException {
    Names names = new Names(RuleFiles.recorded());
    for (String query : Dashboards.queries()) {
      assertThat(names.unknown(query)).as(query).isEmpty();
    }
  }

  /** A metric that nobody looks at may as well not be there. */
  @Test
  void every_metric_is_looked_at_by_a_dashboard_or_an_alert() throws IOException {
    Set<String> looked = new HashSet<>();
    Dashboards.queries().forEach(query -> looked.addAll(Names.metrics(query)));
    RuleFiles.recorded().values().forEach(query -> looked.addAll(Names.metrics(query)));
    RuleFiles.alerts().forEach(alert -> looked.addAll(Names.metrics(alert.expression())));
    for (MetricName metric : MetricName.values()) {
      assertThat(looked)
          .as(metric.prometheusName())
          .containsAnyOf(
              metric.prometheusName(),
              metric.prometheusName() + "_bucket",
              metric.prometheusName() + "_sum");
    }
  }

  @Test
  void panels_lie_beside_each_other_and_not_on_each_other() throws IOException {
    for (Map.Entry<String, JsonNode> dashboard : Dashboards.all().entrySet()) {
      Set<String> taken = new HashSet<>();
      Set<Integer> ids = new HashSet<>();
      for (JsonNode panel : dashboard.getValue().path("panels")) {
        assertThat(ids.add(panel.path("id").asInt())).as("an id of its own").isTrue();
        JsonNode at = panel.path("gridPos");
        assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(COLUMNS);
        for (int x = 0; x < at.path("w").asInt(); x++) {
          for (int y = 0; y < at.path("h").asInt(); y++) {
            assertThat(taken.add((at.path("x").asInt() + x) + "/" + (at.path("y").asInt() + y)))
                .as(dashboard.getKey() + ": " + panel.path("title").asText())
                .isTrue();
          }
        }
      }
    }
  }

  private static List<JsonNode> panels() throws IOException {
    List<JsonNode> panels = new ArrayList<>();
    Dashboards.all().values().forEach(dashboard -> dashboard.path("panels").forEach(panels::add));
    return panels;
  }
}
