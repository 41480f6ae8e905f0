package dev.settle.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What wrk, pgbench, /proc and the router print is read right, and errors in it are refused. */
class ReportsTest {

  private static final String WRK =
      """
      Running 2s test @ http://127.0.0.1:18480
        2 threads and 256 connections
        Thread Stats   Avg      Stdev     Max   +/- Stdev
          Latency    13.05ms    6.12ms 101.55ms   86.92%%
        Latency Distribution
           50%%   11.93ms
           99%%   38.04ms
        41234 requests in 2.05s, 8.10MB read
      %sRequests/sec:  20113.67
      Transfer/sec:      3.95MB
      """;

  @Test
  void answers_are_counted() throws RefusedSlice {
    assertThat(WrkReport.parse(WRK.formatted("")))
        .isEqualTo(new WrkReport(41_234, 20_113.67, 11.93, 38.04));
  }

  @Test
  void errors_are_refused() {
    assertThatThrownBy(() -> WrkReport.parse(WRK.formatted("  Non-2xx or 3xx responses: 3\n")))
        .isInstanceOf(RefusedSlice.class)
        .hasMessage("wrk says: Non-2xx or 3xx responses: 3");
    assertThatThrownBy(
            () ->
                WrkReport.parse(
                    WRK.formatted("  Socket errors: connect 0, read 2, write 0, timeout 0\n")))
        .isInstanceOf(RefusedSlice.class);
    assertThatThrownBy(() -> WrkReport.parse("unable to connect")).isInstanceOf(RefusedSlice.class);
  }

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
}
