package dev.settle.load.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.load.faults.FaultPlan.Episode;
import dev.settle.load.faults.FaultPlan.Order;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  private static final Order ALL =
      new Order(EnumSet.allOf(Fault.class), 3, Duration.ofMinutes(10), null, 1);

  @Test
  void a_seed_gives_its_plan_again_and_another_seed_another() {
    assertThat(FaultPlan.of(7, ALL)).isEqualTo(FaultPlan.of(7, ALL));
    assertThat(FaultPlan.of(7, ALL)).isNotEqualTo(FaultPlan.of(8, ALL));
  }

  @Test
  void a_plan_stays_within_its_time_and_its_bounds() {
    for (long seed = 0; seed < 100; seed++) {
      List<Episode> plan = FaultPlan.of(seed, ALL);
      Duration all = Duration.ZERO;
      for (Episode episode : plan) {
        all = all.plus(episode.pause()).plus(episode.lasts());
        assertThat(episode.lasts()).isBetween(episode.fault().least(), episode.fault().most());
        assertThat(episode.node()).isBetween(0, 2);
      }
      assertThat(all).isLessThanOrEqualTo(ALL.length());
    }
  }

  @Test
  void every_kind_comes_once_before_one_comes_again() {
    List<Episode> plan = FaultPlan.of(3, ALL);

    assertThat(plan).hasSizeGreaterThan(Fault.values().length);
    assertThat(
            plan.stream()
                .limit(Fault.values().length)
                .map(Episode::fault)
                .collect(Collectors.toSet()))
        .hasSize(Fault.values().length);
  }

  @Test
  void a_length_may_be_given() {
    Order splits =
        new Order(EnumSet.of(Fault.SPLIT), 3, Duration.ofMinutes(2), Duration.ofSeconds(60), 1);

    assertThat(FaultPlan.of(1, splits))
        .hasSize(1)
        .allSatisfy(episode -> assertThat(episode.lasts()).isEqualTo(Duration.ofSeconds(60)));
  }
}
