package dev.settle.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of a dashboard, an alert, a recording rule or the page on metrics is answered by a
 * real Prometheus that watches two routers, while merchants change their cards and the bank fails
 * in many ways.
 */
class PrometheusIT {

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration SEEN = Duration.ofSeconds(45);

  /** What finds nothing though all is well, and why. */
  private static final Map<String, String> MAY_BE_EMPTY =
      Map.of(
          "alerts.yaml / SettlementNoNode", "absent() has nothing to say while a node is there",
          "alerts.yaml / SettlementDoubtUnresolved", "no doubt is half an hour old yet",
          "metrics.md / hours until the next cut-off", "the sandbox bank never closes");

  /** What has to have been seen before every panel can show something. */
  private static final List<String> HAPPENED =
      List.of(
          "min(count_over_time(up{job=\"settlement-router\"}[5m])) >= 10",
          "sum(settlement_card_changes_total{state=\"EFFECTIVE\"}) > 0",
          "sum(settlement_rejected_total) > 0",
          "sum(settlement_returns_total) > 0",
          "sum(settlement_unmapped_bank_codes_total) > 0",
          "sum(settlement_sends_in_doubt_total) > 0");

  private static final String BREAKER_OPEN =
      "max(max_over_time(settlement_rail_breaker_state[5m])) == 2";

  private static final JsonObject FAULTS =
      new JsonObject()
          .put("rejectRate", 0.02)
          .put("unmappedRate", 0.02)
          .put("returnRate", 0.05)
          .put("acceptedOnlyRate", 0.05)
          .put("dropAfterBookingRate", 0.05);

  @TempDir private Path folder;

  @Test
  void everyQueryThatPeopleAreGivenIsAnswered() throws Exception {
    Prometheus.require();
    int port = DemoRun.freeBase();
    try (DemoRun run = demo(port)) {
      await().atMost(START).until(() -> !run.isRunning() || run.printed().contains("onboarded"));
      assertThat(run.isRunning()).as(run.printed()).isTrue();
      try (Prometheus prometheus =
          Prometheus.start(folder.resolve("prometheus"), List.of(port + 1, port + 11))) {
        theBankFails(prometheus, port + 2);
        everyQueryIsAnswered(prometheus);
        rulesAreGoodAndTellWhatHappened(prometheus);
      }
      // Waits for nothing more, and verifies all the same.
      run.interrupt();
      run.interrupt();
      run.mustExitWith(0);
    }
  }

  private DemoRun demo(int port) throws IOException {
    return DemoRun.start(
        folder,
        "demo",
        "--nodes",
        "2",
        "--rate",
        "60",
        "--merchants",
        "60",
        "--port",
        String.valueOf(port));
  }

  private static void theBankFails(Prometheus prometheus, int bank) throws Exception {
    faults(bank, FAULTS);
    for (String sign : HAPPENED) {
      await(sign).atMost(SEEN).until(() -> prometheus.finds(sign));
    }
    faults(bank, new JsonObject().put("down", true));
    await(BREAKER_OPEN).atMost(SEEN).until(() -> prometheus.finds(BREAKER_OPEN));
    faults(bank, new JsonObject());
  }

  private static void faults(int bank, JsonObject faults) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bank + "/faults"))
            .PUT(BodyPublishers.ofString(faults.encode()))
            .build();
    var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  /** Of a panel as it stands; of what decides, what it decides on. */
  private static void everyQueryIsAnswered(Prometheus prometheus) throws Exception {
    Map<String, String> shown = new LinkedHashMap<>(GivenQueries.ofDashboards());
    shown.putAll(GivenQueries.ofRecordingRules());
    Map<String, String> deciding = new LinkedHashMap<>(GivenQueries.ofAlerts());
    deciding.putAll(GivenQueries.ofExamples());
    assertThat(shown).hasSizeGreaterThan(100);
    assertThat(deciding).hasSizeGreaterThan(60);
    for (String query : deciding.values()) {
      prometheus.query(query);
    }
    deciding.forEach((where, query) -> shown.put(where, GivenQueries.undecided(query)));
    shown.keySet().removeAll(MAY_BE_EMPTY.keySet());
    await("something is found by every query")
        .atMost(SEEN)
        .untilAsserted(() -> assertThat(findNothing(prometheus, shown)).isEmpty());
  }

  private static List<String> findNothing(Prometheus prometheus, Map<String, String> queries)
      throws IOException {
    List<String> nothing = new ArrayList<>();
    for (Map.Entry<String, String> query : queries.entrySet()) {
      if (!prometheus.finds(query.getValue())) {
        nothing.add(query.getKey() + ": " + query.getValue());
      }
    }
    return nothing;
  }

  private static void rulesAreGoodAndTellWhatHappened(Prometheus prometheus) throws IOException {
    List<JsonObject> rules = prometheus.rules();
    assertThat(rules)
        .hasSize(GivenQueries.ofAlerts().size() + GivenQueries.ofRecordingRules().size())
        .allSatisfy(rule -> assertThat(rule.getString("health")).as(rule.encode()).isEqualTo("ok"));
    assertThat(states(rules))
        .containsEntry("SettlementUnmappedBankCode", "firing")
        .containsEntry("SettlementConservationBroken", "inactive")
        .containsEntry("SettlementSupersededDispatch", "inactive")
        .containsEntry("SettlementNoNode", "inactive");
  }

  private static Map<String, String> states(List<JsonObject> rules) {
    Map<String, String> states = new LinkedHashMap<>();
    rules.stream()
        .filter(rule -> rule.getString("type").equals("alerting"))
        .forEach(rule -> states.put(rule.getString("name"), rule.getString("state")));
    return states;
  }
}
