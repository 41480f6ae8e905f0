package dev.settle.load.growth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.load.stand.Ratios;
import dev.settle.load.stand.Ratios.Pair;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run is not good when the router is slower than one with a young book beside it, is slow to
 * answer, or holds more.
 */
class GrowthReportTest {

  private static final Memory YOUNG = new Memory(570, 27);
  private static final Ratios AS_FAST = pairs(1, 1);

  @TempDir private Path folder;

  private Path file;
  private GrowthReport report;

  @BeforeEach
  void begin() {
    file = folder.resolve("growth.json");
    report = new GrowthReport(file);
  }

  @Test
  void as_a_young_book_is_good() throws IOException {
    report.add(point(AS_FAST, AS_FAST, 9, 5, 30, new Memory(581, 28)));

    assertThat(missed()).isEmpty();
  }

  @Test
  void slower_by_more_than_a_tenth_is_not() throws IOException {
    report.add(point(pairs(0.899, 0.899), AS_FAST, 9, 5, 30, YOUNG));
    report.add(point(AS_FAST, pairs(0.899, 0.899), 9, 5, 30, YOUNG));

    assertThat(missed())
        .containsExactly(
            "with 10,000,000 credits single throughput is 0.899 of that of a young book, less than 0.9",
            "with 10,000,000 credits bulk throughput is 0.899 of that of a young book, less than 0.9");
  }

  @Test
  void a_machine_that_slows_down_is_no_fault() throws IOException {
    Ratios slower = new Ratios(List.of(new Pair(990, 1_000), new Pair(490, 500)));
    report.add(point(AS_FAST, AS_FAST, 9, 5, 30, YOUNG));
    report.add(point(slower, slower, 9, 5, 30, YOUNG));

    assertThat(missed()).isEmpty();
  }

  @Test
  void the_median_of_the_pairs_is_held_against_it() throws IOException {
    report.add(point(pairs(0.5, 0.95, 1.4), AS_FAST, 9, 5, 30, YOUNG));

    assertThat(missed()).isEmpty();
  }

  @Test
  void what_is_waited_for_is_not_good() throws IOException {
    report.add(point(AS_FAST, AS_FAST, 2_000, 5, 30, YOUNG));
    report.add(point(AS_FAST, AS_FAST, 9, 50, 30, YOUNG));
    report.add(point(AS_FAST, AS_FAST, 9, 5, 250, YOUNG));

    assertThat(missed())
        .containsExactly(
            "with 10,000,000 credits an order about a merchant took 2000.0 ms",
            "with 10,000,000 credits a scrape took 50.0 ms",
            "with 10,000,000 credits a scrape under load took 250.0 ms");
  }

  @Test
  void memory_beyond_that_with_a_young_book_is_not() throws IOException {
    report.add(point(AS_FAST, AS_FAST, 9, 5, 30, new Memory(700, 65)));

    assertThat(missed())
        .containsExactly(
            "with 10,000,000 credits the router's heap holds 65 MB, that of a young book 27 MB",
            "with 10,000,000 credits the router's process holds 700 MB, that of a young book 570 MB");
  }

  @Test
  void each_book_is_verified() throws IOException {
    report.add(point(AS_FAST, AS_FAST, 9, 5, 30, YOUNG));
    report.verified("grown", 60, "");
    report.verified("young", 6, "I1: 1 credit");

    assertThat(missed())
        .containsExactly("an invariant of the young book does not hold:\nI1: 1 credit");
    assertThat(json().getJsonObject("verifySeconds"))
        .isEqualTo(new JsonObject().put("grown", 60.0).put("young", 6.0));
  }

  @Test
  void what_ended_a_run_is_in_the_json() throws IOException {
    report.ended(new IOException("no space left"));

    assertThat(json().getString("ended")).isEqualTo("java.io.IOException: no space left");
  }

  @Test
  void the_json_has_the_pairs() throws IOException {
    report.add(point(pairs(1, 0.9, 1.1), AS_FAST, 9, 5, 30, YOUNG));

    JsonObject single = json().getJsonArray("points").getJsonObject(0).getJsonObject("single");
    assertThat(single.getDouble("ratio")).isEqualTo(1);
    assertThat(single.getJsonArray("pairs").getJsonObject(1))
        .isEqualTo(new JsonObject().put("grown", 900).put("young", 1_000).put("ratio", 0.9));
  }

  private List<String> missed() throws IOException {
    List<String> missed = json().getJsonArray("missed").stream().map(String::valueOf).toList();
    assertThat(report.isGood()).isEqualTo(missed.isEmpty());
    return missed;
  }

  private JsonObject json() throws IOException {
    report.close();
    return new JsonObject(Files.readString(file));
  }

  private static Ratios pairs(double... ratios) {
    return new Ratios(
        DoubleStream.of(ratios).mapToObj(ratio -> new Pair(1_000 * ratio, 1_000)).toList());
  }

  private static GrowthPoint point(
      Ratios single,
      Ratios bulk,
      double orderMillis,
      double scrapeMillis,
      double loadedMillis,
      Memory memory) {
    return new GrowthPoint(
        10_000_000,
        0,
        0,
        single,
        bulk,
        List.of(1_000.0),
        List.of(orderMillis),
        List.of(scrapeMillis),
        List.of(loadedMillis),
        1,
        memory,
        YOUNG);
  }
}
