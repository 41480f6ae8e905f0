package dev.settle.load.bench;

import dev.settle.load.stand.Given;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long everything is.
 *
 * @param rounds of each duel, A B B A
 * @param slice of single requests and of pgbench
 * @param warmUp of single requests before anything is measured, three times
 * @param trial of each number of connections while the best is chosen
 * @param bulkPeer slice of pgbench beside bulk
 * @param connections that are tried for the router's single requests
 * @param peerClients that are tried for pgbench
 * @param bulkLines of one bulk slice
 * @param postedCredits of the run from first accept to last posted
 * @param costCredits of the fixed workload that is counted
 */
record BenchPlan(
    boolean quick,
    int rounds,
    Duration slice,
    Duration warmUp,
    Duration trial,
    Duration bulkPeer,
    List<Integer> connections,
    List<Integer> peerClients,
    int bulkLines,
    int postedCredits,
    int costCredits,
    Set<Part> parts) {

  static final BenchPlan FULL =
      new BenchPlan(
          false,
          3,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          List.of(256, 512, 1_024),
          List.of(1, 16, 32, 64, 128),
          300_000,
          1_000_000,
          200_000,
          EnumSet.allOf(Part.class));

  static final BenchPlan QUICK =
      new BenchPlan(
          true,
          1,
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          List.of(1_024),
          List.of(16, 64),
          60_000,
          80_000,
          30_000,
          EnumSet.allOf(Part.class));

  /** The same with what was given on the command line. */
  BenchPlan with(@Nullable Integer givenRounds, @Nullable Integer seconds, Part @Nullable [] only) {
    int wanted = givenRounds == null ? rounds : givenRounds;
    Given.within("--rounds", wanted, 1, Integer.MAX_VALUE);
    Given.within("--seconds", seconds == null ? 1 : seconds, 1, Integer.MAX_VALUE);
    return new BenchPlan(
        quick,
        wanted,
        seconds == null ? slice : Duration.ofSeconds(seconds),
        warmUp,
        trial,
        seconds == null ? bulkPeer : Duration.ofSeconds(seconds),
        connections,
        peerClients,
        bulkLines,
        postedCredits,
        costCredits,
        only == null ? parts : EnumSet.copyOf(List.of(only)));
  }
}
