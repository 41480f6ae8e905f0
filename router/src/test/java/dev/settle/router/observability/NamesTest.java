package dev.settle.router.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The test of names sees a wrong one. */
class NamesTest {

  private final Names names =
      new Names(Map.of("settlement:x:sum", "sum by (rail) (settlement_overdue_credits)"));

  @Test
  void what_exists_is_known() {
    assertThat(
            names.unknown(
                "histogram_quantile(0.99, sum by (le, instance) (rate(settlement_accept_seconds_bucket{job=\"x\"}[5m] offset 1h)))"
                    + " > 2 or vector(1) unless on (rail) settlement:x:sum"))
        .isEmpty();
  }

  @Test
  void a_metric_that_nobody_has_is_seen() {
    assertThat(names.unknown("sum(rate(settlement_tranactions_total[5m]))"))
        .containsExactly("no metric settlement_tranactions_total");
    assertThat(names.unknown("settlement_accept_seconds > 1"))
        .containsExactly("no metric settlement_accept_seconds");
    assertThat(names.unknown("settlement:y:sum")).containsExactly("no metric settlement:y:sum");
  }

  @Test
  void a_label_or_a_value_that_nobody_has_is_seen() {
    assertThat(names.unknown("sum by (merchant) (settlement_overdue_credits)"))
        .containsExactly("no label merchant");
    assertThat(names.unknown("settlement_overdue_credits{reason=\"QUEUED\"}"))
        .containsExactly("no label reason");
    assertThat(names.unknown("settlement_unposted_credits{reason=~\"QUEUED|QEUED\"}"))
        .containsExactly("no reason QEUED");
  }
}
