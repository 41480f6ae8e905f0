package dev.settle.router.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of metrics for operators is the list in the code. */
class MetricsDocTest {

  private static final Path PAGE = Path.of("../docs/operating/metrics.md");

  /** Names that dashboards and checks from outside rely on. */
  private static final List<String> PROMISED =
      List.of(
          "settlement_transactions_total{outcome}",
          "settlement_accept_seconds{}",
          "settlement_commit_batch_size{}",
          "settlement_credits_posted_total{rail}",
          "settlement_posted_amount_minor_total{currency}",
          "settlement_posted_latency_seconds{}",
          "settlement_unposted_credits{currency,reason}",
          "settlement_unposted_amount_minor{currency,reason}",
          "settlement_unposted_oldest_seconds{reason}",
          "settlement_conservation_delta_minor{currency}",
          "settlement_binding_staleness_seconds{}",
          "settlement_binding_version_lag{}",
          "settlement_binding_lookups_total{result}",
          "settlement_stale_lookups_caught_total{}",
          "settlement_superseded_dispatch_total{}",
          "settlement_rerouted_total{reason}",
          "settlement_in_doubt_credits{rail}",
          "settlement_in_doubt_oldest_seconds{rail}",
          "settlement_rail_breaker_state{rail}",
          "settlement_returns_total{rail,reason}",
          "settlement_card_changes_total{state}",
          "settlement_cluster_members{}",
          "settlement_recorder_queue_depth{}");

  @Test
  void the_page_lists_what_the_code_declares() throws IOException {
    if (Boolean.getBoolean("settle.regenerate")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page());
    }
    assertThat(PAGE)
        .as("regenerate with -Dtest=MetricsDocTest -Dsettle.regenerate=true")
        .hasContent(page());
  }

  @Test
  void what_is_promised_is_spelled_as_it_is_promised() {
    Set<String> declared =
        Arrays.stream(MetricName.values())
            .map(metric -> metric.prometheusName() + "{" + metric.labels() + "}")
            .collect(Collectors.toSet());
    assertThat(declared).containsAll(PROMISED);
  }

  @Test
  void labels_are_bounded_and_never_name_a_merchant() {
    Set<String> bounded =
        Set.of(
            "outcome",
            "rail",
            "currency",
            "reason",
            "result",
            "fault",
            "state",
            "type",
            "kind",
            "action",
            "age",
            "code");
    for (MetricName metric : MetricName.values()) {
      if (!metric.labels().isEmpty()) {
        assertThat(bounded).as(metric.name()).contains(metric.labels().split(","));
      }
    }
  }

  @Test
  void every_unit_is_that_of_its_name() {
    for (MetricName metric : MetricName.values()) {
      String stem = metric.prometheusName().replaceFirst("_total$", "");
      assertThat(metric.unit()).as(metric.name()).isNotBlank();
      assertThat(metric.unit().equals("seconds")).as(stem).isEqualTo(stem.endsWith("_seconds"));
      assertThat(metric.unit().equals("minor units")).as(stem).isEqualTo(stem.endsWith("_minor"));
      assertThat(metric.unit().equals("bytes")).as(stem).isEqualTo(stem.endsWith("_bytes"));
    }
  }

  @Test
  void every_example_asks_its_own_metric() {
    for (MetricName metric : MetricName.values()) {
      assertThat(MetricExample.of(metric).query()).contains(metric.prometheusName());
      assertThat(MetricExample.of(metric).query()).doesNotContain("|");
    }
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Metrics

            Every node serves these at `GET /metrics` of its management port, for Prometheus. Money is in minor units, time in
            seconds. No label names a merchant, a terminal or a credit: all labels are bounded.

            "Of all nodes" is read from the database, and every node shows the same: aggregate with `max`, not with `sum`. The
            others are of the node that shows them. A histogram `x` has `x_bucket`, `x_sum` and `x_count`, and comes with a gauge
            `x_max`: the largest of the last minutes.

            This page is written from `MetricName` and `MetricExample` by `MetricsDocTest`. Who is woken for which of them:
            [runbooks](runbooks/README.md).

            | name | type | unit | labels | what it says |
            |---|---|---|---|---|
            """);
    for (MetricName metric : MetricName.values()) {
      page.append(
          String.format(
              "| `%s` | %s | %s | %s | %s |%n",
              metric.prometheusName(),
              metric.type(),
              metric.unit(),
              metric.labels().isEmpty() ? "" : "`" + metric.labels().replace(",", "`, `") + "`",
              metric.help()));
    }
    page.append(
        """

        ## Example queries

        | question | query |
        |---|---|
        """);
    for (MetricName metric : MetricName.values()) {
      MetricExample example = MetricExample.of(metric);
      page.append(String.format("| %s | `%s` |%n", example.question(), example.query()));
    }
    return page.toString();
  }
}
