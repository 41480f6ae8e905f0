package dev.settle.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.load.client.RefusedSlice;
import dev.settle.load.stand.ProcessorTime;
import dev.settle.load.stand.Ratios;
import dev.settle.load.stand.Ratios.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What pgbench, /proc and the router print is read right, and errors in it are refused. */
class ReportsTest {

  @Test
  void pgbench_tells_its_rate_and_its_failures() throws RefusedSlice {
    String report =
        """
        number of transactions actually processed: 43120
        number of failed transactions: %s
        initial connection time = 12.1 ms
        tps = 21588.123456 (without initial connection time)
        """;

    assertThat(PgbenchSide.parse(report.formatted("0 (0.000%)"))).isEqualTo(21_588.123456);
    assertThatThrownBy(() -> PgbenchSide.parse(report.formatted("7 (0.016%)")))
        .isInstanceOf(RefusedSlice.class);
    assertThatThrownBy(() -> PgbenchSide.parse("connection refused"))
        .isInstanceOf(RefusedSlice.class);
  }

  @Test
  void stolen_time_is_the_eighth_kind() {
    ProcessorTime before = ProcessorTime.parse("cpu  100 0 50 800 10 0 5 10 0 0");
    ProcessorTime after = ProcessorTime.parse("cpu  150 0 70 820 10 0 5 20 0 0");

    assertThat(after.stolenSince(before)).isEqualTo(0.1);
    assertThat(before.stolenSince(before)).isZero();
  }

  @Test
  void a_process_may_be_called_anything() {
    String[] fields =
        ProcessTime.parse(
            "4711 (a ) b (c)) S 1 4711 4711 0 -1 4194560 1 2 3 4 70 30 200 100 20 0 17 0 99");

    assertThat(ProcessTime.own(fields)).isEqualTo(1_000_000);
    assertThat(ProcessTime.ended(fields)).isEqualTo(3_000_000);
  }

  @Test
  void rows_of_a_commit_are_what_came_since() {
    CommitSizes before = CommitSizes.parse("settlement_commit_batch_size_count 10\n");
    CommitSizes after =
        CommitSizes.parse(
            """
            settlement_commit_batch_size_bucket{le="1.0"} 7
            settlement_commit_batch_size_count 30
            settlement_commit_batch_size_sum 18000.0
            settlement_commit_batch_size_max 1000.0
            """);

    assertThat(after.since(before)).hasValue(900);
    assertThat(after.since(after)).isEmpty();
  }

  @Test
  void the_plot_has_a_dot_for_each_pair() {
    Plot plot = new Plot();
    plot.add("single", new Ratios(List.of(new Pair(10, 10), new Pair(30, 10))));
    plot.add("bulk", new Ratios(List.of(new Pair(1, 4))));

    assertThat(plot.svg())
        .contains("single 2.00", "bulk 0.25")
        .containsPattern("(?s)(<circle.*){3}");
  }
}
