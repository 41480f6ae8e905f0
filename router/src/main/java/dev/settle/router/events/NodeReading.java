package dev.settle.router.events;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one node counts and measures of itself.
 *
 * @param accepted credits accepted since it started, held ones included
 * @param posted credits posted since it started
 * @param staleness of the changes of routes of the last minute; null: there was none
 * @param versionLag changed routes that it does not route by yet
 * @param queueDepth transactions that wait for a commit
 * @param breakers of its rails, by their names: 0 closed, 1 half open, 2 open
 */
public record NodeReading(
    double accepted,
    double posted,
    @Nullable Lateness staleness,
    long versionLag,
    int queueDepth,
    Map<String, Integer> breakers) {

  /** How late changes came into use, in milliseconds. */
  public record Lateness(double p50, double p99, double max) {}
}
