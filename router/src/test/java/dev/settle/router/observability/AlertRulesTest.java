package dev.settle.router.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.explanation.Reason;
import dev.settle.router.explanation.WhoActs;
import dev.settle.router.observability.RuleFiles.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alerts and recording rules ask for what the router shows, and say what they are for. */
class AlertRulesTest {

  private static final Path TESTS = RuleFiles.FOLDER.resolve("tests");

  @Test
  void every_rule_asks_for_metrics_and_labels_that_exist() throws IOException {
    Names names = new Names(RuleFiles.recorded());
    for (Map.Entry<String, String> rule : RuleFiles.recorded().entrySet()) {
      assertThat(names.unknown(rule.getValue())).as(rule.getKey()).isEmpty();
    }
    for (Alert alert : RuleFiles.alerts()) {
      assertThat(names.unknown(alert.expression())).as(alert.name()).isEmpty();
    }
  }

  @Test
  void every_alert_says_how_bad_it_is_and_what_in_one_line() throws IOException {
    for (Alert alert : RuleFiles.alerts()) {
      assertThat(alert.name()).startsWith("Settlement");
      assertThat(alert.severity()).as(alert.name()).isIn("critical", "warning", "info");
      assertThat(alert.summary()).as(alert.name()).hasSizeBetween(20, 160).doesNotContain("\n");
    }
    assertThat(RuleFiles.alerts()).extracting(Alert::name).doesNotHaveDuplicates();
  }

  @Test
  void every_alert_has_a_test_that_sees_it_fire_and_one_that_does_not() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Alert alert : RuleFiles.alerts()) {
      named.add(alert.name() + ".yaml");
      String test = Files.readString(TESTS.resolve(alert.name() + ".yaml"));
      assertThat(test.split("\n"))
          .as(alert.name())
          .filteredOn(l -> l.contains("alertname: "))
          .allMatch(line -> line.matches(".*alertname: " + alert.name() + "\\b.*"));
      assertThat(test).as(alert.name()).contains("exp_labels: {", "exp_alerts: []");
    }
    try (Stream<Path> files = Files.list(TESTS)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }

  /** A reason that is added later is either one that ends by itself, or somebody's to look at. */
  @Test
  void no_reason_grows_old_unseen() throws IOException {
    Set<String> soon = reasons("SettlementUnpostedOld", "=~");
    Set<String> elsewhere = reasons("SettlementHeldOld", "!~");
    elsewhere.removeAll(soon);
    assertThat(elsewhere).containsExactlyInAnyOrder("IN_DOUBT", "DOUBT_UNRESOLVED", "DUPLICATE");
    assertThat(soon)
        .isSubsetOf(
            Stream.of(Reason.values())
                .filter(
                    reason ->
                        reason.whoActs() == WhoActs.ROUTER || reason.whoActs() == WhoActs.RAIL)
                .map(Reason::name)
                .toList());
  }

  private static Set<String> reasons(String alert, String operator) throws IOException {
    String expression =
        RuleFiles.alerts().stream()
            .filter(a -> a.name().equals(alert))
            .map(Alert::expression)
            .findFirst()
            .orElseThrow();
    return Pattern.compile("reason" + Pattern.quote(operator) + "\"([^\"]*)\"")
        .matcher(expression)
        .results()
        .map((MatchResult found) -> found.group(1))
        .flatMap(list -> Stream.of(list.split("\\|")))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
