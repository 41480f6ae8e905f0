package dev.settle.router.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.platform.Limits;
import dev.settle.router.platform.Settings;
import dev.settle.router.rail.CutOff;
import dev.settle.router.rail.Rail;
import dev.settle.router.rail.RailCapabilities;
import dev.settle.router.rail.RailMetrics;
import dev.settle.router.rail.sandbox.SandboxConnector;
import dev.settle.router.testing.Api;
import dev.settle.router.testing.Documents;
import dev.settle.router.testing.InvariantsHold;
import dev.settle.router.testing.World;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InvariantsHold.class)
class MetricsIT {

  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_]+)(?:\\{(.*)})? ([-+0-9.eEInfNa]+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** What stands in a scrape. */
  private record Scrape(
      Map<String, String> types,
      Map<String, String> helps,
      Map<String, TreeSet<String>> labels,
      Map<String, Double> values) {

    static Scrape of(String text) {
      Scrape scrape =
          new Scrape(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
      text.lines().forEach(scrape::line);
      return scrape;
    }

    private void line(String line) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# TYPE ")) {
        types.put(words[2], words[3]);
      } else if (line.startsWith("# HELP ")) {
        helps.put(words[2], words[3]);
      } else {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        String family = family(sample.group(1));
        String labelled = sample.group(2) == null ? "" : sample.group(2);
        values.put(sample.group(1) + "{" + labelled + "}", Double.parseDouble(sample.group(3)));
        TreeSet<String> names = labels.computeIfAbsent(family, name -> new TreeSet<>());
        LABEL.matcher(labelled).results().map(label -> label.group(1)).forEach(names::add);
        if (!family.equals(sample.group(1))) {
          names.remove("le");
        }
      }
    }

    private String family(String name) {
      String stem = name.replaceFirst("_(bucket|sum|count)$", "");
      return "histogram".equals(types.get(stem)) ? stem : name;
    }
  }

  @Test
  void a_scrape_shows_what_is_declared_and_nothing_else(World world) throws Exception {
    world.rails(MetricsIT::openFor23Hours);
    Api api = world.startNode(1);
    traffic(world, api);
    Map<String, String> declared = new TreeMap<>();
    for (MetricName metric : MetricName.values()) {
      declared.put(metric.prometheusName(), metric.type());
      if (metric.type().equals("histogram")) {
        declared.put(metric.prometheusName() + "_max", "gauge");
      }
    }
    Scrape scrape = Scrape.of(api.getManagement("/metrics").body());

    assertThat(scrape.types()).isEqualTo(declared);
    assertThat(scrape.values().get("settlement_rail_cut_off_seconds{rail=\"sandbox\"}"))
        .isBetween(22 * 3_600.0, 23 * 3_600.0);
    for (MetricName metric : MetricName.values()) {
      assertThat(scrape.labels().get(metric.prometheusName()))
          .as(metric.prometheusName())
          .isEqualTo(labelsOf(metric));
      assertThat(scrape.helps()).containsEntry(metric.prometheusName(), metric.help());
    }
  }

  @Test
  void the_numbers_are_those_of_the_traffic(World world) throws Exception {
    Api api = world.startNode(1);
    traffic(world, api);
    assertThat(Scrape.of(api.getManagement("/metrics").body()).values())
        .containsEntry("settlement_transactions_total{outcome=\"accepted\"}", 3.0)
        .containsEntry("settlement_transactions_total{outcome=\"held\"}", 1.0)
        .containsEntry("settlement_transactions_total{outcome=\"replayed\"}", 1.0)
        .containsEntry("settlement_transactions_total{outcome=\"conflict\"}", 1.0)
        .containsEntry("settlement_transactions_total{outcome=\"refused\"}", 2.0)
        .containsEntry("settlement_transactions_total{outcome=\"busy\"}", 0.0)
        .containsEntry("settlement_accept_seconds_count{}", 5.0)
        .containsEntry("settlement_credits_posted_total{rail=\"sandbox\"}", 1.0)
        .containsEntry("settlement_posted_latency_seconds_count{}", 1.0)
        .containsEntry("settlement_rejected_total{rail=\"sandbox\",reason=\"ACCOUNT_CLOSED\"}", 1.0)
        .containsEntry("settlement_rerouted_total{reason=\"ACCOUNT_FROZEN\"}", 1.0)
        .containsEntry("settlement_stale_lookups_caught_total{}", 1.0)
        .containsEntry(
            "settlement_unposted_credits{currency=\"CNY\",reason=\"UNKNOWN_MERCHANT\"}", 1.0)
        .containsEntry("settlement_unposted_age_credits{age=\"<1m\"}", 3.0)
        .containsEntry("settlement_rail_waiting_credits{rail=\"sandbox\"}", 0.0)
        .containsEntry("settlement_in_doubt_credits{rail=\"sandbox\"}", 0.0)
        .containsEntry("settlement_open_breaks{kind=\"LATE_SUCCESS\",rail=\"sandbox\"}", 0.0)
        .containsEntry("settlement_recorder_queue_capacity{}", 20_000.0)
        .containsEntry("settlement_binding_staleness_budget_seconds{}", 2.0)
        .containsEntry("settlement_binding_read_through{}", 0.0)
        .containsEntry("settlement_conservation_delta_minor{currency=\"CNY\"}", 0.0)
        .containsEntry("settlement_cluster_members{}", 1.0);
  }

  @Test
  void nothing_in_a_scrape_names_a_merchant_a_terminal_or_a_credit(World world) throws Exception {
    Api api = world.startNode(1);
    traffic(world, api);
    assertThat(api.getManagement("/metrics").body())
        .doesNotContain("M00000")
        .doesNotContain("T00000")
        .doesNotContain("C00000")
        .doesNotContainIgnoringCase("merchant=")
        .doesNotContainIgnoringCase("terminal=");
  }

  /** So that it costs the same however much is open, and answers while the database does not. */
  @Test
  void a_scrape_asks_the_database_nothing(World world) throws Exception {
    Api api = world.startNode(1);
    traffic(world, api);
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "LOCK TABLE credit_batch, credit_exception, settlement_break, route_canary");
      Awaitility.await("the age of what it shows grows")
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> api.metric("settlement_book_read_age_seconds") > 3);
      assertThat(api.metric("settlement_transactions_total{outcome=\"accepted\"}")).isEqualTo(3);
      connection.rollback();
    }
  }

  @Test
  void what_is_read_for_the_gauges_does_not_grow_with_history(World world) throws Exception {
    world.startNode(1);
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement()) {
      StringBuilder plan = new StringBuilder();
      for (String from :
          List.of("unposted", "book_total", "settlement_break WHERE closed_at IS NULL")) {
        try (ResultSet rows = statement.executeQuery("EXPLAIN SELECT * FROM " + from)) {
          while (rows.next()) {
            plan.append(rows.getString(1)).append('\n');
          }
        }
      }
      assertThat(plan.toString()).contains(" on credit_batch", " on credit_exception");
      assertThat(plan.toString()).doesNotContainPattern(" on credit(_[0-9p]\\w*)? ");
    }
  }

  @Test
  void credits_in_doubt_are_shown_with_their_age(World world) throws Exception {
    Api api = world.startNode(1);
    world.onboard(api, 1);
    world.closeBank();
    assertThat(api.sell(Documents.saleJson(1, 1)).status()).isEqualTo(201);
    Awaitility.await("the gauges show it")
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () ->
                Scrape.of(api.getManagement("/metrics").body())
                        .values()
                        .get("settlement_in_doubt_credits{rail=\"sandbox\"}")
                    > 0);
    Scrape scrape = Scrape.of(api.getManagement("/metrics").body());
    for (MetricName metric :
        List.of(
            MetricName.IN_DOUBT_CREDITS, MetricName.IN_DOUBT_OLDEST, MetricName.SENDS_IN_DOUBT)) {
      assertThat(scrape.types()).containsEntry(metric.prometheusName(), metric.type());
      assertThat(scrape.labels().get(metric.prometheusName())).isEqualTo(labelsOf(metric));
    }
    assertThat(scrape.values()).containsEntry("settlement_in_doubt_credits{rail=\"sandbox\"}", 1.0);
  }

  /** The sandbox bank, which is always open, with an hour in which it is not: the one before. */
  private static List<Rail> openFor23Hours(Vertx vertx, Settings settings, RailMetrics metrics) {
    LocalTime now = LocalTime.now(ZoneOffset.UTC);
    RailCapabilities can = SandboxConnector.CAPABILITIES;
    RailCapabilities closes =
        new RailCapabilities(
            can.bulkSize(),
            can.enquiryBulk(),
            can.idempotentResend(),
            can.neverReceivedAfter(),
            can.onePerAccount(),
            can.accountSpacing(),
            can.normalTime(),
            can.verifiesAccounts(),
            can.currencies(),
            can.banks(),
            can.largestMinor(),
            new CutOff(now, now.minusHours(1), ZoneOffset.UTC));
    return List.of(
        new SandboxConnector(
            SandboxConnector.NAME,
            closes,
            vertx,
            settings.sandboxRail(),
            metrics,
            Limits.BANK_ANSWER));
  }

  private static TreeSet<String> labelsOf(MetricName metric) {
    return Arrays.stream(metric.labels().split(","))
        .filter(label -> !label.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** One credit posted, one rejected, one held at the fence, one held at once; three refusals. */
  private static void traffic(World world, Api api) throws Exception {
    world.onboard(api, 2);
    api.onboardBulk(Documents.merchant(3, "6222021000000030004"));
    api.sell(Documents.saleJson(1, 1));
    api.sell(Documents.saleJson(3, 1));
    api.sell(Documents.saleJson(9, 1));
    world.settle();
    frozenBetweenLookUpAndClaim(world, api);
    api.sell(Documents.saleJson(1, 1));
    api.sell(Documents.saleJson(1, 1).replace("CNY", "USD"));
    api.sell("{}");
    api.sellBulk(List.of("{}"));
    Awaitility.await("the gauges have been read since")
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () ->
                Scrape.of(api.getManagement("/metrics").body())
                    .values()
                    .containsKey(
                        "settlement_unposted_credits{currency=\"CNY\",reason=\"ACCOUNT_FROZEN\"}"));
  }

  private static void frozenBetweenLookUpAndClaim(World world, Api api) throws Exception {
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT pg_advisory_xact_lock(7001, merchant_bucket('M000002'))");
      assertThat(api.sell(Documents.saleJson(2, 1)).json().path("status").asText())
          .isEqualTo("UNPOSTED");
      statement.execute(
          "SELECT set_account_status(account_id, 'FROZEN', 'test', 'test') FROM account WHERE merchant_id = 'M000002'");
      connection.commit();
    }
    world.settle();
  }
}
