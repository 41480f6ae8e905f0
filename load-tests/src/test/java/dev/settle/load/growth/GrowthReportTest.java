package dev.settle.load.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A run is not good when the router slows down, is slow to answer, or grows with the book. */
class GrowthReportTest {

  @Test
  void what_stays_as_it_was_is_good() {
    assertThat(good(point(1_000, 5, 581, 28))).isTrue();
  }

  @Test
  void slower_by_more_than_a_tenth_is_not() {
    assertThat(good(point(899, 5, 570, 27))).isFalse();
  }

  @Test
  void a_scrape_that_is_waited_for_is_not() {
    assertThat(good(point(1_000, 50, 570, 27))).isFalse();
    assertThat(good(point(1_000, 5, 570, 27, 250))).isFalse();
  }

  @Test
  void a_process_that_grows_is_not() {
    assertThat(good(point(1_000, 5, 700, 27))).isFalse();
  }

  @Test
  void a_heap_that_grows_is_not() {
    assertThat(good(point(1_000, 5, 570, 65))).isFalse();
  }

  private static boolean good(GrowthPoint later) {
    GrowthReport report = new GrowthReport();
    report.add(point(1_000, 5, 570, 27));
    report.add(later);
    return report.end();
  }

  private static GrowthPoint point(
      double perSecond, double scrapeMillis, double resident, double heap) {
    return point(perSecond, scrapeMillis, resident, heap, 30);
  }

  private static GrowthPoint point(
      double perSecond, double scrapeMillis, double resident, double heap, double loadedMillis) {
    List<Double> rate = List.of(perSecond);
    return new GrowthPoint(
        0,
        0,
        0,
        rate,
        rate,
        rate,
        List.of(9.0),
        List.of(scrapeMillis),
        List.of(loadedMillis),
        1,
        resident,
        heap);
  }
}
