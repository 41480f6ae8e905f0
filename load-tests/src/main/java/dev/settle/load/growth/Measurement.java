package dev.settle.load.growth;

import dev.settle.demo.node.NodeClient;
import dev.settle.load.client.Programs.Running;
import dev.settle.load.client.Uploads;
import dev.settle.load.client.Wrk;
import dev.settle.load.stand.BrokenPromise;
import dev.settle.load.stand.Freezes;
import dev.settle.load.stand.RouterProcess;
import dev.settle.load.stand.Stand;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The same short load and the same questions, each time. */
final class Measurement {

  /** A cold start as the base would hide what a larger book costs. */
  private static final int WARM_UP_ROUNDS = 5;

  private static final int SCRAPES = 50;
  private static final int FREEZES = 20;
  private static final double SALES_MEANWHILE = 2_000;
  private static final Duration ORDERS_WITHIN = Duration.ofMinutes(2);
  private static final double MEGABYTE = 1024.0 * 1024;

  /** The statement behind the gauges, as {@code credit/UnpostedStore} has it. */
  private static final String BOOK =
      """
      SELECT now() AS taken_at, currency, reason, rail,
             CASE WHEN since > now() - interval '1 minute' THEN '<1m'
                  WHEN since > now() - interval '1 hour' THEN '<1h'
                  WHEN since > now() - interval '1 day' THEN '<1d'
                  ELSE '>=1d' END AS age,
             sum(credits)::bigint AS credits, sum(amount_minor)::bigint AS amount_minor, min(since) AS oldest
      FROM unposted GROUP BY currency, reason, rail, age
      """;

  private final Stand stand;
  private final Wrk wrk;
  private final Uploads uploads;
  private final RouterProcess router;
  private final NodeClient client = new NodeClient();

  /**
   * How much of it.
   *
   * @param rounds of single and bulk
   * @param connections of single requests
   * @param length of single requests, in a round
   * @param lines of an upload
   */
  record Size(int rounds, int connections, Duration length, int lines) {}

  Measurement(Stand stand, Wrk wrk, Uploads uploads, RouterProcess router) {
    this.stand = stand;
    this.wrk = wrk;
    this.uploads = uploads;
    this.router = router;
  }

  /** Lets the router's code become warm. */
  void warmUp(Size size) throws Exception {
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      wrk.closed(size.connections(), size.length());
      uploads.perSecond();
      stand.awaitPosted();
    }
  }

  GrowthPoint at(long credits, long departures, double fillSeconds, Size size) throws Exception {
    List<Double> single = new ArrayList<>();
    List<Double> bulk = new ArrayList<>();
    List<Double> posted = new ArrayList<>();
    LoadedScrapes loaded = LoadedScrapes.begin(stand.managementPort());
    try (loaded) {
      for (int round = 0; round < size.rounds(); round++) {
        single.add(wrk.closed(size.connections(), size.length()).perSecond());
        stand.awaitPosted();
        uploads.prepare();
        long from = System.nanoTime();
        uploads.send();
        double accepting = (System.nanoTime() - from) / 1e9;
        stand.awaitPosted();
        double posting = (System.nanoTime() - from) / 1e9;
        uploads.check();
        bulk.add(uploads.lines() / accepting);
        posted.add(uploads.lines() / posting);
      }
    }
    return new GrowthPoint(
        credits,
        departures,
        fillSeconds,
        single,
        bulk,
        posted,
        orders(size),
        scrapes(),
        loaded.millis(),
        book(),
        router.residentBytes() / MEGABYTE,
        router.heapWithoutGarbageBytes() / MEGABYTE);
  }

  /** Freezes and thaws merchants that sell, each order from request to answer. */
  private List<Double> orders(Size size) throws IOException, SQLException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    Freezes freezes = new Freezes(stand);
    Running load = wrk.paced(size.connections(), ORDERS_WITHIN, SALES_MEANWHILE);
    try {
      for (int i = 0; i < FREEZES; i++) {
        long from = System.nanoTime();
        long account = freezes.freeze();
        long frozen = System.nanoTime();
        freezes.thaw(account);
        millis.add((frozen - from) / 1e6);
        millis.add((System.nanoTime() - frozen) / 1e6);
      }
    } finally {
      load.stop();
      stand.awaitPosted();
    }
    return millis.stream().sorted().toList();
  }

  private List<Double> scrapes() throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < SCRAPES; i++) {
      long from = System.nanoTime();
      var answer = client.get(stand.managementPort(), "/metrics");
      millis.add((System.nanoTime() - from) / 1e6);
      if (answer.status() != 200) {
        throw new BrokenPromise("/metrics: " + answer.status());
      }
      Thread.sleep(50);
    }
    return millis.stream().sorted().toList();
  }

  private double book() throws SQLException {
    List<Double> millis = new ArrayList<>();
    try (Connection connection = stand.connect();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 9; i++) {
        long from = System.nanoTime();
        try (ResultSet rows = statement.executeQuery(BOOK)) {
          while (rows.next()) {
            rows.getLong("credits");
          }
        }
        millis.add((System.nanoTime() - from) / 1e6);
      }
    }
    return GrowthPoint.median(millis);
  }
}
