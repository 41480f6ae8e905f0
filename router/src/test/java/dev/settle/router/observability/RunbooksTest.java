package dev.settle.router.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.access.Route;
import dev.settle.router.app.Commands;
import dev.settle.router.observability.RuleFiles.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever is woken finds a page, and what it tells him to do exists. */
class RunbooksTest {

  private static final Path ROOT = Path.of("..");
  private static final Path FOLDER = ROOT.resolve("docs/operating/runbooks");
  private static final Path INDEX = FOLDER.resolve("README.md");
  private static final List<String> SECTIONS =
      List.of(
          "## Meaning", "## First look", "## Likely causes", "## Actions", "## It is over when");

  @Test
  void every_alert_has_a_page_and_every_page_an_alert() throws IOException {
    List<Path> named = new ArrayList<>(List.of(INDEX));
    for (Alert alert : RuleFiles.alerts()) {
      named.add(ROOT.resolve(alert.runbook()));
    }
    try (Stream<Path> pages = Files.list(FOLDER)) {
      assertThat(pages).containsExactlyInAnyOrderElementsOf(named);
    }
  }

  @Test
  void a_page_says_what_it_means_where_to_look_why_what_to_do_and_when_it_is_over()
      throws IOException {
    for (Alert alert : RuleFiles.alerts()) {
      String page = page(alert);
      assertThat(page).startsWith("# " + alert.name() + "\n\nSeverity: " + alert.severity() + ".");
      assertThat(page.lines().filter(line -> line.startsWith("## ")))
          .as(alert.name())
          .containsExactlyElementsOf(SECTIONS);
      for (String section : page.split("\n## .*\n")) {
        assertThat(section.strip()).as(alert.name()).hasSizeGreaterThan(25);
      }
      assertThat(Dashboards.FOLDER.resolve(dashboard(page) + ".json")).exists();
    }
  }

  @Test
  void the_calls_it_names_exist() throws IOException {
    int calls = 0;
    for (Alert alert : RuleFiles.alerts()) {
      for (MatchResult call : all("`(GET|POST|PUT) (/v1/[^`? ]*)", page(alert))) {
        assertThat(Route.methodsOf(call.group(2).replaceAll("\\{\\w+\\}", "X")))
            .as(alert.name() + ": " + call.group())
            .contains(call.group(1));
        calls++;
      }
    }
    assertThat(calls).isGreaterThan(20);
  }

  @Test
  void the_commands_it_names_exist() throws IOException {
    for (Alert alert : RuleFiles.alerts()) {
      for (MatchResult command : all("`settle ([a-z-]+)", page(alert))) {
        assertThat(Commands.names()).as(alert.name()).contains(command.group(1));
      }
    }
  }

  @Test
  void the_metrics_and_panels_it_names_exist() throws IOException {
    Names names = new Names(RuleFiles.recorded());
    List<String> panels = new ArrayList<>();
    Dashboards.all()
        .values()
        .forEach(d -> d.path("panels").forEach(p -> panels.add(p.path("title").asText())));
    for (Alert alert : RuleFiles.alerts()) {
      for (MatchResult metric : all("`(settlement_[a-z_]+)", page(alert))) {
        String name = metric.group(1);
        assertThat(names.unknown(name).isEmpty() || names.unknown(name + "_bucket").isEmpty())
            .as(alert.name() + ": " + name)
            .isTrue();
      }
      for (MatchResult panel : all("(?<!\\*)\\*([A-Z][^*\n]+)\\*", page(alert))) {
        assertThat(panels).as(alert.name()).contains(panel.group(1));
      }
    }
  }

  @Test
  void what_the_log_says_is_what_the_code_logs() throws IOException {
    StringBuilder code = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        code.append(Files.readString(file));
      }
    }
    String joined = code.toString().replaceAll("\"\\s*\\+\\s*\"", "");
    int quotes = 0;
    for (Alert alert : RuleFiles.alerts()) {
      for (MatchResult sentence : all("log says[^.;]*\"[^.;]*", page(alert))) {
        for (MatchResult quote : all("\"([^\"]+)\"", sentence.group())) {
          assertThat(joined).as(alert.name()).contains(quote.group(1));
          quotes++;
        }
      }
    }
    assertThat(quotes).isGreaterThan(10);
  }

  @Test
  void links_lead_somewhere() throws IOException {
    for (Alert alert : RuleFiles.alerts()) {
      for (MatchResult link : all("\\]\\(([^)#]+)", page(alert))) {
        assertThat(FOLDER.resolve(link.group(1))).as(alert.name()).exists();
      }
    }
  }

  @Test
  void the_index_lists_them() throws IOException {
    if (Boolean.getBoolean("settle.regenerate")) {
      Files.writeString(INDEX, index());
    }
    assertThat(INDEX)
        .as("regenerate with -Dtest=RunbooksTest -Dsettle.regenerate=true")
        .hasContent(index());
  }

  private static String index() throws IOException {
    StringBuilder index =
        new StringBuilder(
            """
            # Runbooks

            One page for each alert of `cluster-config/prometheus/rules/alerts.yaml`: what it means, where to look first, what it is
            likely to be, what to do, and when it is over. Calls need a token: `settle token --role operator --subject YOU`, or
            `auditor` where nothing is changed.

            critical wakes somebody now; warning is looked at today; info is a list to work through.

            This page is written from the rules by `RunbooksTest`.

            | alert | severity | dashboard | what it says |
            |---|---|---|---|
            """);
    Map<String, String> rows = new TreeMap<>();
    for (Alert alert : RuleFiles.alerts()) {
      rows.put(
          List.of("critical", "warning", "info").indexOf(alert.severity()) + alert.name(),
          String.format(
              "| [%s](%s) | %s | %s | %s |%n",
              alert.name(),
              Path.of(alert.runbook()).getFileName(),
              alert.severity(),
              dashboard(page(alert)),
              alert
                  .summary()
                  .replaceAll("\\{\\{ \\$labels\\.(\\w+) \\}\\}", "*$1*")
                  .replaceAll("\\{\\{ \\$value[^}]*\\}\\}", "*n*")));
    }
    rows.values().forEach(index::append);
    return index.toString();
  }

  private static String page(Alert alert) throws IOException {
    return Files.readString(ROOT.resolve(alert.runbook()));
  }

  private static String dashboard(String page) {
    return all("Dashboard: (\\w+)\\.", page).get(0).group(1);
  }

  private static List<MatchResult> all(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().toList();
  }
}
