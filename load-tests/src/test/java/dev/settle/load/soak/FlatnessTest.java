package dev.settle.load.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What grows from the second quarter of a run to its last is said by name. */
class FlatnessTest {

  private static final TableSize TABLE = new TableSize(1_000, 10, 300_000, 700_000, 1);
  private static final long MEGABYTE = 1 << 20;

  @Test
  void a_run_whose_first_quarter_alone_differs_is_flat() {
    List<Sample> samples = samples(8, sample(10, 400, TABLE));
    samples.set(0, sample(900, 100, TABLE));

    assertThat(Flatness.of(samples).isFlat()).isTrue();
  }

  @Test
  void one_sample_of_many_that_differs_is_noise() {
    List<Sample> samples = samples(16, sample(10, 400, TABLE));
    samples.set(14, sample(900, 900, TABLE));

    assertThat(Flatness.of(samples).isFlat()).isTrue();
  }

  @Test
  void latency_that_doubles_is_not() {
    assertThat(grown(sample(21, 400, TABLE))).containsExactly("accept p99, ms");
  }

  @Test
  void a_process_that_grows_by_more_than_a_fifth_is_not() {
    assertThat(grown(sample(10, 481, TABLE))).containsExactly("router resident, MB");
  }

  @Test
  void tables_and_indexes_that_bloat_are_not() {
    assertThat(grown(sample(10, 400, new TableSize(1_000, 10, 460_000, 700_000, 1))))
        .containsExactly(
            "credit, bytes a row", "credit_batch, bytes a row", "credit_exception, bytes a row");
    assertThat(grown(sample(10, 400, new TableSize(1_000, 10, 300_000, 1_060_000, 1))))
        .containsExactly(
            "credit, of indexes a row",
            "credit_batch, of indexes a row",
            "credit_exception, of indexes a row");
  }

  @Test
  void batches_that_take_half_as_much_again_are_not_however_little_that_is() {
    TableSize few = new TableSize(1_000, 10, 232_000, 60_000, 1);
    List<Sample> samples = samples(8, sample(10, 400, few));
    samples.set(6, sample(10, 400, new TableSize(1_000, 10, 360_000, 60_000, 1)));
    samples.set(7, samples.get(6));

    assertThat(Flatness.of(samples).lines().stream().filter(line -> line.endsWith("NOT FLAT")))
        .extracting(line -> line.substring(0, 34).strip())
        .containsExactly("credit, bytes a row", "credit_batch, bytes a row");
  }

  @Test
  void small_tables_that_grow_to_megabytes_are_not() {
    assertThat(grown(sample(10, 400, new TableSize(10_000, 10, 3_000_000, 7_000_000, 1))))
        .containsExactly("control totals, kB", "canary, kB");
  }

  /** What is not flat when a run ends with that. */
  private static List<String> grown(Sample last) {
    List<Sample> samples = samples(8, sample(10, 400, TABLE));
    samples.set(6, last);
    samples.set(7, last);
    Flatness flatness = Flatness.of(samples);
    List<String> grown =
        flatness.lines().stream()
            .filter(line -> line.endsWith("NOT FLAT"))
            .map(line -> line.substring(0, 34).strip())
            .toList();
    assertThat(flatness.isFlat()).isEqualTo(grown.isEmpty());
    return grown;
  }

  private static List<Sample> samples(int number, Sample sample) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      samples.add(sample);
    }
    return samples;
  }

  private static Sample sample(double p99Millis, long megabytes, TableSize table) {
    Map<String, TableSize> tables = new HashMap<>();
    Sampler.TABLES.forEach(name -> tables.put(name, table));
    return new Sample(1, 1, 1, p99Millis, 0, megabytes * MEGABYTE, 0, tables, 0, 0);
  }
}
