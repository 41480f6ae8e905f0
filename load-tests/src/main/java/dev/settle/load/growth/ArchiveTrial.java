package dev.settle.load.growth;

import dev.settle.demo.node.NodeClient;
import dev.settle.demo.node.Scrape;
import dev.settle.load.client.Wrk;
import dev.settle.load.stand.BrokenPromise;
import dev.settle.load.stand.Buckets;
import dev.settle.load.stand.Stand;
import dev.settle.router.platform.ConfigurationException;
import dev.settle.router.platform.Limits;
import dev.settle.router.retention.Archive;
import dev.settle.router.retention.ArchiveStep;
import dev.settle.router.retention.ArchiveWatch;
import dev.settle.router.retention.MonthReport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Lets every month leave that may, while terminals sell, and sees whether they feel it. */
final class ArchiveTrial {

  /** How far back the router takes sales: so months of the history are closed. */
  static final int WINDOW_DAYS = 20;

  private static final double PER_SECOND = 3_000;
  private static final Duration SETTLED = Duration.ofSeconds(5);
  private static final Duration BEFORE = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final String ACCEPT_SECONDS = "settlement_accept_seconds";

  private final Stand stand;
  private final Wrk wrk;
  private final int connections;
  private final NodeClient client = new NodeClient();

  ArchiveTrial(Stand stand, Wrk wrk, int connections) {
    this.stand = stand;
    this.wrk = wrk;
    this.connections = connections;
  }

  /**
   * What was seen, in milliseconds from request to durable answer; the most are of the minutes
   * before the end of each part.
   */
  record Seen(
      List<String> months,
      double seconds,
      double p99Before,
      double mostBefore,
      double p99,
      double p999,
      double most) {

    JsonObject json() {
      return new JsonObject()
          .put("months", new JsonArray(months))
          .put("seconds", seconds)
          .put("acceptMillisBefore", new JsonObject().put("p99", p99Before).put("max", mostBefore))
          .put("acceptMillis", new JsonObject().put("p99", p99).put("p999", p999).put("max", most));
    }
  }

  /** Refuses a history of which no month is closed. */
  static void check(FillPlan plan) {
    int days = WINDOW_DAYS + Limits.ARCHIVE_MARGIN_DAYS;
    if (plan.oldest().plusMonths(1).isAfter(plan.today().minusDays(days))) {
      throw new ConfigurationException(
          "--archive: no month of so short a history ended "
              + days
              + " days ago; give --sizes three times --per-month");
    }
  }

  Seen run() throws Exception {
    try (Connection connection = stand.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE replay_promise SET promised_at = now() - interval '2 days' WHERE days > "
              + WINDOW_DAYS);
      try (Meanwhile load =
          Meanwhile.begin(
              stand, wrk, connections, SETTLED.plus(BEFORE).plus(LONGEST), PER_SECOND)) {
        TimeUnit.SECONDS.sleep(SETTLED.toSeconds());
        String begin = metrics();
        TimeUnit.SECONDS.sleep(BEFORE.toSeconds());
        String from = metrics();
        long started = System.nanoTime();
        List<MonthReport> months = archived(connection);
        double seconds = (System.nanoTime() - started) / 1e9;
        String to = metrics();
        load.stillSells();
        return new Seen(
            months.stream().map(MonthReport::text).toList(),
            seconds,
            quantile(0.99, begin, from),
            most(from),
            quantile(0.99, from, to),
            quantile(0.999, from, to),
            most(to));
      }
    }
  }

  private static List<MonthReport> archived(Connection connection) throws Exception {
    List<MonthReport> months =
        new Archive(connection, Duration.ofDays(WINDOW_DAYS), new Waiting())
            .run(null, false)
            .months();
    if (months == null) {
      throw new IOException("somebody else archives");
    }
    if (months.stream().noneMatch(month -> month.outcome() == MonthReport.Outcome.LEFT)
        || !months.stream().allMatch(MonthReport::isGood)) {
      throw new BrokenPromise(
          "not every closed month left: "
              + months.stream().map(MonthReport::text).collect(Collectors.joining("; ")));
    }
    return months;
  }

  /** A run as the command makes it. */
  private static final class Waiting implements ArchiveWatch {

    @Override
    public void reached(LocalDate month, ArchiveStep step) {}

    @Override
    public void pause(Duration time) throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
  }

  private String metrics() throws IOException, InterruptedException {
    var answer = client.get(stand.managementPort(), "/metrics");
    if (answer.status() != 200) {
      throw new BrokenPromise("/metrics: " + answer.status());
    }
    return answer.body();
  }

  private static double quantile(double share, String from, String to) {
    return Buckets.of(to, ACCEPT_SECONDS).quantile(share, Buckets.of(from, ACCEPT_SECONDS)) * 1e3;
  }

  private static double most(String metrics) {
    return Scrape.parse(metrics).sum(ACCEPT_SECONDS + "_max", "") * 1e3;
  }
}
