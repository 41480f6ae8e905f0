package dev.settle.load.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostLimitsTest {

  private static final Path FILE = Path.of("cost-limits.txt");

  @Test
  void what_costs_no_more_than_when_the_limits_were_set_passes() throws IOException {
    CostLimits limits = CostLimits.read(FILE);

    assertThat(limits.exceeded(measured(limits))).isEmpty();
  }

  @Test
  void whatever_doubles_is_named() throws IOException {
    CostLimits limits = CostLimits.read(FILE);

    for (String name : limits.limits().keySet()) {
      Map<String, Double> costs = measured(limits);
      costs.merge(name, 2.0, (once, twice) -> once * twice);
      assertThat(limits.exceeded(costs)).singleElement().asString().startsWith(name + " is ");
    }
  }

  @Test
  void a_fifth_more_write_ahead_log_is_named() throws IOException {
    CostLimits limits = CostLimits.read(FILE);

    for (String name : List.of("alone.walBytes", "bulk.walBytes")) {
      Map<String, Double> costs = measured(limits);
      costs.merge(name, 1.2, (once, more) -> once * more);
      assertThat(limits.exceeded(costs)).singleElement().asString().startsWith(name + " is ");
    }
  }

  @Test
  void what_could_not_be_measured_does_not_pass() {
    CostLimits limits = CostLimits.parse(List.of("# a comment", "", "bulk.flushes 2 1 to 1.1"));

    assertThat(limits.exceeded(Map.of("bulk.flushes", Double.NaN))).hasSize(1);
    assertThat(limits.exceeded(Map.of("bulk.flushes", 2.0))).isEmpty();
  }

  @Test
  void a_cost_without_a_limit_and_a_limit_without_a_cost_are_mistakes() {
    CostLimits limits = CostLimits.parse(List.of("bulk.flushes 2 1 to 1.1"));

    assertThatThrownBy(() -> limits.exceeded(Map.of("bulk.flushes", 1.0, "bulk.walBytes", 1.0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> limits.exceeded(Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CostLimits.parse(List.of("bulk.flushes 2")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The most that was measured when the limits were set. */
  private static Map<String, Double> measured(CostLimits limits) {
    Map<String, Double> costs = new HashMap<>();
    limits
        .limits()
        .forEach(
            (name, limit) -> {
              String[] range = limit.measured().split(" to ");
              costs.put(name, Double.parseDouble(range[range.length - 1]));
            });
    return costs;
  }
}
