package dev.settle.demo.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScrapeTest {

  private static final Scrape SCRAPE =
      Scrape.parse(
          """
          # HELP settlement_transactions_total Transactions answered.
          # TYPE settlement_transactions_total counter
          settlement_transactions_total{outcome="accepted"} 1200.0
          settlement_transactions_total{outcome="held"} 3.0
          settlement_posted_latency_seconds_count 7
          settlement_posted_latency_seconds_sum 1.25E-2
          settlement_posted_latency_seconds_bucket{le="+Inf"} 7

          """);

  @Test
  void seriesAreSummedByNameAndLabel() {
    assertThat(SCRAPE.sum("settlement_transactions_total", "outcome=\"held\"")).isEqualTo(3);
    assertThat(SCRAPE.sum("settlement_transactions_total", "")).isEqualTo(1203);
    assertThat(SCRAPE.sum("settlement_posted_latency_seconds_sum", "")).isEqualTo(0.0125);
  }

  @Test
  void aNameIsNotTheBeginningOfAnother() {
    assertThat(SCRAPE.sum("settlement_posted_latency_seconds", "")).isZero();
  }

  @Test
  void aCounterGoesOnWhenItsProcessBeganAnew() {
    Counter counter = new Counter();
    counter.read(10);
    counter.read(25);
    assertThat(counter.read(4)).isEqualTo(29);
    assertThat(counter.read(9)).isEqualTo(34);
  }
}
