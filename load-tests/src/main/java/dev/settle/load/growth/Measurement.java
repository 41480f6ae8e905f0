package dev.settle.load.growth;

import dev.settle.demo.node.NodeClient;
import dev.settle.load.stand.Attempts;
import dev.settle.load.stand.BrokenPromise;
import dev.settle.load.stand.Duel;
import dev.settle.load.stand.Freezes;
import dev.settle.load.stand.Progress;
import dev.settle.load.stand.Ratios;
import dev.settle.load.stand.Stand;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The same short load and the same questions, each time: load on the grown book and on the young
 * one by turns, questions to the grown one. What a router does when nobody loads it, such as
 * counting open departures, goes on while the other has its turn, and is in the figures of both.
 */
final class Measurement {

  /** Two routers that become warm while they are measured do so unevenly. */
  private static final int WARM_UP_ROUNDS = 5;

  private static final int SCRAPES = 50;
  private static final int FREEZES = 20;
  private static final double SALES_MEANWHILE = 2_000;
  private static final Duration ORDERS_WITHIN = Duration.ofMinutes(2);

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

  private final LoadedBook young;
  private final LoadedBook grown;
  private final Progress progress;
  private final Attempts attempts;
  private final Stand stand;
  private final NodeClient client = new NodeClient();

  /**
   * How much of it.
   *
   * @param rounds of single and bulk, each of two pairs
   * @param connections of single requests
   * @param length of single requests, in a slice
   * @param lines of an upload
   */
  record Size(int rounds, int connections, Duration length, int lines) {}

  Measurement(LoadedBook young, LoadedBook grown, Progress progress, Attempts attempts) {
    this.young = young;
    this.grown = grown;
    this.progress = progress;
    this.attempts = attempts;
    stand = grown.stand();
  }

  private Duel duel(String name) {
    return new Duel(name, "grown", "young", progress);
  }

  /** Lets the code of both routers become warm. */
  void warmUp(Size size) throws Exception {
    Slices beside = new Slices(young, size, attempts);
    Slices measured = new Slices(grown, size, attempts);
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      beside.single();
      measured.single();
      beside.bulk();
      measured.bulk();
    }
  }

  GrowthPoint at(long credits, long departures, double fillSeconds, Size size) throws Exception {
    // History ends with a checkpoint: both pay the same for pages that are written first after one.
    young.checkpoint();
    grown.checkpoint();
    Slices beside = new Slices(young, size, attempts);
    Slices measured = new Slices(grown, size, attempts);
    Ratios single = duel("single").play(measured::single, beside::single, size.rounds());
    Ratios bulk = duel("bulk").play(measured::bulk, beside::bulk, size.rounds());
    return new GrowthPoint(
        credits,
        departures,
        fillSeconds,
        single,
        bulk,
        measured.postedPerSecond(),
        orders(size),
        scrapes(),
        measured.scrapeMillis(),
        book(),
        Memory.of(grown.router()),
        Memory.of(young.router()));
  }

  /** Freezes and thaws merchants that sell, each order from request to answer. */
  private List<Double> orders(Size size) throws IOException, SQLException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    Freezes freezes = new Freezes(stand);
    try (Meanwhile load =
        Meanwhile.begin(stand, grown.wrk(), size.connections(), ORDERS_WITHIN, SALES_MEANWHILE)) {
      for (int i = 0; i < FREEZES; i++) {
        long from = System.nanoTime();
        long account = freezes.freeze();
        long frozen = System.nanoTime();
        freezes.thaw(account);
        millis.add((frozen - from) / 1e6);
        millis.add((System.nanoTime() - frozen) / 1e6);
      }
      load.stillSells();
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
