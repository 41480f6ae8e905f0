package dev.settle.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoryPlanTest {

  private static List<StoryOrder> played(StoryPlan plan, int stories) {
    List<StoryOrder> orders = new ArrayList<>();
    for (int i = 0; i < stories; i++) {
      StoryOrder order = plan.next().orElseThrow();
      plan.ended(order.merchant());
      orders.add(order);
    }
    return orders;
  }

  @Test
  void theSameSeedTellsTheSameStories() {
    List<StoryOrder> once = played(new StoryPlan(7, 50, Map.of()), 40);

    assertThat(played(new StoryPlan(7, 50, Map.of()), 40)).isEqualTo(once);
    assertThat(played(new StoryPlan(8, 50, Map.of()), 40)).isNotEqualTo(once);
  }

  @Test
  void everyKindIsPlayedInTheFirstRound() {
    for (long seed = 0; seed < 50; seed++) {
      assertThat(played(new StoryPlan(seed, 200, Map.of()), 7))
          .extracting(StoryOrder::kind)
          .as("seed %d", seed)
          .containsAll(EnumSet.allOf(StoryKind.class));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9, 30, 200})
  void noMerchantHasTwoStoriesAtOnceOrAppliesTooOften(int merchants) {
    for (long seed = 0; seed < 20; seed++) {
      StoryPlan plan = new StoryPlan(seed, merchants, Map.of());
      Random ends = new Random(seed);
      Set<Integer> open = new TreeSet<>();
      Map<Integer, Integer> applications = new HashMap<>();
      for (int step = 0; step < 500; step++) {
        if (!open.isEmpty() && ends.nextBoolean()) {
          int ending = open.iterator().next();
          open.remove(ending);
          plan.ended(ending);
        }
        Optional<StoryOrder> next = plan.next();
        if (next.isPresent()) {
          StoryOrder order = next.get();
          assertThat(order.merchant()).isBetween(1, merchants);
          assertThat(open.add(order.merchant())).as("seed %d, %s", seed, order).isTrue();
          assertThat(
                  applications.merge(order.merchant(), order.kind().applications(), Integer::sum))
              .isLessThanOrEqualTo(StoryPlan.APPLICATIONS);
        }
        assertThat(open).hasSizeLessThanOrEqualTo(Math.max(1, merchants / 10));
        assertThat(open).hasSizeLessThanOrEqualTo(StoryPlan.MOST_OPEN);
      }
    }
  }

  @Test
  void whoHasAppliedOftenEnoughTodayIsOnlyFrozenAndThawed() {
    StoryPlan plan = new StoryPlan(3, 2, Map.of(1, 4, 2, 4));

    assertThat(played(plan, 20))
        .extracting(StoryOrder::kind)
        .containsOnly(StoryKind.FREEZE_AND_THAW);
  }

  @Test
  void aReservedMerchantIsLeftAlone() {
    StoryPlan plan = new StoryPlan(3, 1, Map.of());
    plan.reserve(1);

    assertThat(plan.next()).isEmpty();
    plan.ended(1);
    assertThat(plan.next()).isPresent();
  }
}
