package dev.settle.router.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.observability.Promtool.Answer;
import dev.settle.router.observability.RuleFiles.Alert;
import dev.settle.router.telemetry.ExampleQueries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** What Prometheus' own tool says of the rules, and of every query that a person is given. */
class PromtoolTest {

  @TempDir private Path folder;

  /**
   * Before each and not once before all: so each is counted as skipped, which CI takes for failed.
   */
  @BeforeEach
  void required() {
    Promtool.require();
  }

  @Test
  void prometheus_takes_the_configuration_with_its_rules() throws Exception {
    Answer answer = Promtool.run(RuleFiles.FOLDER, "check", "config", "prometheus.yml");
    assertThat(answer.good()).as(answer.text()).isTrue();
    assertThat(answer.text()).contains("2 rule files found");
  }

  @Test
  void every_alert_fires_when_it_should_and_only_then() throws Exception {
    Answer answer = Promtool.run(RuleFiles.FOLDER, tests(RuleFiles.alerts()));
    assertThat(answer.good()).as(answer.text()).isTrue();
  }

  /** An alert's test that does not notice this would hold nothing. */
  @Test
  void a_test_notices_an_alert_that_never_fires() throws Exception {
    assertThat(unnoticed("vector(1) > 2")).isEmpty();
  }

  @Test
  void a_test_notices_an_alert_that_always_fires() throws Exception {
    assertThat(unnoticed("vector(1)")).isEmpty();
  }

  @Test
  void every_query_of_a_dashboard_or_an_example_can_be_read() throws Exception {
    List<Map<String, String>> rules = new ArrayList<>();
    for (String query : Dashboards.queries()) {
      rules.add(Map.of("record", "dashboards:" + rules.size(), "expr", query));
    }
    for (String query : ExampleQueries.all()) {
      rules.add(Map.of("record", "examples:" + rules.size(), "expr", query));
    }
    Map<String, Object> group = Map.of("name", "queries", "rules", rules);
    Files.writeString(
        folder.resolve("queries.yaml"), new Yaml().dump(Map.of("groups", List.of(group))));

    Answer answer = Promtool.run(folder, "check", "rules", "queries.yaml");

    assertThat(answer.good()).as(answer.text()).isTrue();
    assertThat(answer.text()).contains(rules.size() + " rules found");
  }

  private static String[] tests(List<Alert> alerts) {
    Stream<String> files = alerts.stream().map(alert -> "tests/" + alert.name() + ".yaml");
    return Stream.concat(Stream.of("test", "rules"), files).toArray(String[]::new);
  }

  /** The alerts whose tests are still good when their expression is another. */
  private List<String> unnoticed(String expression) throws IOException, InterruptedException {
    Map<String, Object> rules = new Yaml().load(Files.readString(RuleFiles.ALERTS));
    everyRule(rules).forEach(rule -> rule.put("expr", expression));
    copy(RuleFiles.FOLDER.resolve("rules"), folder.resolve("rules"));
    copy(RuleFiles.FOLDER.resolve("tests"), folder.resolve("tests"));
    Files.writeString(folder.resolve("rules/alerts.yaml"), new Yaml().dump(rules));
    String text = Promtool.run(folder, tests(RuleFiles.alerts())).text();
    List<String> unnoticed = new ArrayList<>();
    for (Alert alert : RuleFiles.alerts()) {
      Matcher verdict = Pattern.compile(alert.name() + "\\.yaml\\s+(SUCCESS|FAILED)").matcher(text);
      assertThat(verdict.find()).as(alert.name() + " in: " + text).isTrue();
      if (verdict.group(1).equals("SUCCESS")) {
        unnoticed.add(alert.name());
      }
    }
    return unnoticed;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> everyRule(Map<String, Object> rules) {
    return ((List<Map<String, Object>>) rules.get("groups"))
        .stream()
            .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
            .toList();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
