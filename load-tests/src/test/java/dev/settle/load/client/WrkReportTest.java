package dev.settle.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What wrk prints is read right, and errors in it are refused. */
class WrkReportTest {

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
}
