package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.World;

/** Every call that was refused for who made it stands in the audit, once or in a count. */
final class RefusalsRecorded {

  private static final String METRIC = "settlement_calls_refused_total{";

  private RefusalsRecorded() {}

  /**
   * Stops the world's only node, which counts out what it has not told yet, and compares.
   *
   * @param atLeast refusals that the test has caused
   */
  static void assertAll(World world, Api api, int atLeast) throws Exception {
    long refused =
        (long)
            api.getManagement("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(METRIC))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    assertThat(refused).isGreaterThanOrEqualTo(atLeast);
    world.stopNodes();
    assertThat(
            world.queryLong(
                "SELECT sum(coalesce((detail ->> 'repeats')::bigint, 1)) FROM audit_event"
                    + " WHERE action = 'ACCESS_REFUSED'"))
        .isEqualTo(refused);
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM audit_event WHERE action = 'ACCESS_REFUSED'"
                    + " AND (reason IS NULL OR reason !~ '^[a-z-]+$' OR object = '')"))
        .isZero();
  }
}
