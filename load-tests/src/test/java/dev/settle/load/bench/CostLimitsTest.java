package dev.settle.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.settle.load.bench.CostLimits.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class CostLimitsTest {

  private static final Path FILE = Path.of("cost-limits.txt");

  @Test
  void what_costs_as_much_as_when_the_limits_were_set_passes() throws IOException {
    CostLimits limits = CostLimits.read(FILE);

    assertThat(limits.exceeded(measured(limits, Limit::measuredLeast))).isEmpty();
    assertThat(limits.exceeded(measured(limits, Limit::measuredMost))).isEmpty();
  }

  @Test
  void whatever_doubles_is_named_from_the_least_that_was_measured() throws IOException {
    for (String name : CostLimits.read(FILE).limits().keySet()) {
      assertNamed(name, least -> 2 * least);
    }
  }

  @Test
  void a_fifth_more_write_ahead_log_is_named() throws IOException {
    assertNamed("alone.walBytes", least -> 1.2 * least);
    assertNamed("bulk.walBytes", least -> 1.2 * least);
  }

  @Test
  void one_more_transaction_for_each_commit_is_named() throws IOException {
    assertNamed("alone.writesOfCommit", least -> least + 1);
    assertNamed("bulk.writesOfCommit", least -> least + 1);
  }

  @Test
  void only_what_is_over_in_every_attempt_is_named() {
    CostLimits limits = CostLimits.parse(List.of("flushes 2 1 to 1.1", "log 20 10 to 11"));
    Map<String, Double> both = Map.of("flushes", 3.0, "log", 30.0);
    Map<String, Double> flushes = Map.of("flushes", 4.0, "log", 10.0);
    Map<String, Double> log = Map.of("flushes", 1.0, "log", 40.0);

    assertThat(limits.exceeded(CostLimits.least(List.of(both, flushes))))
        .singleElement()
        .asString()
        .startsWith("flushes is 3.0");
    assertThat(limits.exceeded(CostLimits.least(List.of(flushes, log)))).isEmpty();
  }

  @Test
  void what_could_not_be_measured_does_not_pass() {
    CostLimits limits = CostLimits.parse(List.of("# a comment", "", "bulk.flushes 2 1 to 1.1"));

    Map<String, Double> once = Map.of("bulk.flushes", Double.NaN);

    assertThat(limits.exceeded(once)).hasSize(1);
    assertThat(limits.exceeded(CostLimits.least(List.of(Map.of("bulk.flushes", 1.0), once))))
        .hasSize(1);
    assertThat(limits.exceeded(Map.of("bulk.flushes", 2.0))).isEmpty();
  }

  @Test
  void a_cost_without_a_limit_and_a_limit_without_a_cost_are_mistakes() {
    CostLimits limits = CostLimits.parse(List.of("bulk.flushes 2 1 to 1.1"));

    assertThatThrownBy(() -> limits.exceeded(Map.of("bulk.flushes", 1.0, "bulk.walBytes", 1.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> limits.exceeded(Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    for (String line : List.of("bulk.flushes 2", "bulk.flushes 2 1", "bulk.flushes 2 1 and 3")) {
      assertThatThrownBy(() -> CostLimits.parse(List.of(line)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** A cost that is what becomes of the least that was measured, and it alone is over. */
  private static void assertNamed(String name, DoubleUnaryOperator grown) throws IOException {
    CostLimits limits = CostLimits.read(FILE);
    Map<String, Double> costs = measured(limits, Limit::measuredLeast);
    costs.computeIfPresent(name, (same, least) -> grown.applyAsDouble(least));

    assertThat(limits.exceeded(costs)).singleElement().asString().startsWith(name + " is ");
  }

  private static Map<String, Double> measured(CostLimits limits, ToDoubleFunction<Limit> end) {
    Map<String, Double> costs = new HashMap<>();
    limits.limits().forEach((name, limit) -> costs.put(name, end.applyAsDouble(limit)));
    return costs;
  }
}
