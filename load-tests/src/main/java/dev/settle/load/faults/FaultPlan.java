package dev.settle.load.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which faults come when, from a seed: every kind once in some order, then again in another, one
 * after the other with a pause in which everything must recover.
 */
final class FaultPlan {

  private static final Duration LEAST_PAUSE = Duration.ofSeconds(5);
  private static final Duration MOST_PAUSE = Duration.ofSeconds(12);

  /** No fault is shorter: a signal or a filter needs that to be felt. */
  private static final Duration SHORTEST = Duration.ofMillis(800);

  /**
   * One fault.
   *
   * @param pause how long nothing is broken before it
   * @param node which it befalls, from 0; of no meaning for a fault of all
   */
  record Episode(Duration pause, Fault fault, int node, Duration lasts) {}

  /**
   * What to plan.
   *
   * @param kinds which faults
   * @param nodes how many there are
   * @param length of all episodes together, at most
   * @param lasts how long each fault lasts; null: by chance, between its bounds
   * @param shortened by how much faults and pauses are shorter than they would be, from 1
   */
  record Order(
      Set<Fault> kinds, int nodes, Duration length, @Nullable Duration lasts, int shortened) {}

  private FaultPlan() {}

  static List<Episode> of(long seed, Order order) {
    Random random = new Random(seed);
    List<Episode> plan = new ArrayList<>();
    Duration left = order.length();
    while (true) {
      List<Fault> round = new ArrayList<>(order.kinds());
      Collections.sort(round);
      Collections.shuffle(round, random);
      for (Fault fault : round) {
        Episode episode = episode(fault, order, random);
        left = left.minus(episode.pause()).minus(episode.lasts());
        if (left.isNegative()) {
          return plan;
        }
        plan.add(episode);
      }
    }
  }

  private static Episode episode(Fault fault, Order order, Random random) {
    Duration pause = between(LEAST_PAUSE, MOST_PAUSE, random).dividedBy(order.shortened());
    Duration lasts = between(fault.least(), fault.most(), random).dividedBy(order.shortened());
    int node = random.nextInt(order.nodes());
    if (order.lasts() != null) {
      lasts = order.lasts();
    }
    return new Episode(pause, fault, node, lasts.compareTo(SHORTEST) < 0 ? SHORTEST : lasts);
  }

  private static Duration between(Duration least, Duration most, Random random) {
    return least.plusMillis(random.nextInt((int) most.minus(least).toMillis() + 1));
  }
}
