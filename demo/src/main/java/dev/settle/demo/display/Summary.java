package dev.settle.demo.display;

import java.util.List;
import java.util.SortedMap;

/**
 * What a run came to. Counts and amounts of credits are of everything in the database, earlier runs
 * on it included; latencies, replays and refusals are of this run.
 *
 * @param seconds how long terminals played
 * @param byReason the unposted by reason
 * @param conservationDelta accepted minus posted minus unposted, in minor units by currency
 * @param rerouted credits that left their batch because the route had changed, in this run
 * @param released credits that were held or refused and went on, in this run
 * @param cardChanges new cards that came into effect in this run
 * @param stories what was played besides sales
 * @param staleness how late nodes were in routing by changes, in this run
 * @param unanswered sales that terminals had no answer for in the end
 * @param faults what broke a promise outside the invariants, one line each
 */
public record Summary(
    double seconds,
    int nodes,
    Amounts accepted,
    Amounts posted,
    Amounts unposted,
    SortedMap<String, Amounts> byReason,
    long replayed,
    long refused,
    long rerouted,
    long released,
    long staleLookupsCaught,
    long returned,
    long inDoubt,
    long cardChanges,
    Stories stories,
    Staleness staleness,
    Quantiles accept,
    Quantiles postedLatency,
    SortedMap<String, Long> conservationDelta,
    List<Verdict> verdicts,
    long unanswered,
    List<String> faults) {

  /** Whether every promise was kept. */
  public boolean good() {
    return faults.isEmpty() && verdicts.stream().allMatch(Verdict::held);
  }
}
