package dev.settle.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.settle.router.testing.Api;
import dev.settle.router.testing.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every call that was refused for who made it stands in the audit, once or in a count. */
final class RefusalsRecorded {

  private static final Pattern COUNT =
      Pattern.compile("settlement_calls_refused_total\\{.*code=\"([^\"]*)\".*} (\\S+)");

  private RefusalsRecorded() {}

  /**
   * Stops the world's only node, which counts out what it has not told yet, and compares.
   *
   * @param atLeast refusals that the test has caused
   */
  static void assertAll(World world, Api api, int atLeast) throws Exception {
    Map<String, Long> refused = new TreeMap<>();
    api.getManagement("/metrics")
        .body()
        .lines()
        .map(COUNT::matcher)
        .filter(Matcher::matches)
        .forEach(line -> refused.merge(line.group(1), count(line.group(2)), Long::sum));
    refused.values().removeIf(count -> count == 0);
    assertThat(refused.values().stream().mapToLong(count -> count).sum())
        .isGreaterThanOrEqualTo(atLeast);
    world.stopNodes();
    assertThat(recorded(world)).isEqualTo(refused);
    assertThat(
            world.queryLong(
                "SELECT count(*) FROM audit_event WHERE action = 'ACCESS_REFUSED'"
                    + " AND (reason IS NULL OR reason !~ '^[a-z-]+$' OR object = '')"))
        .isZero();
  }

  private static long count(String value) {
    return (long) Double.parseDouble(value);
  }

  private static Map<String, Long> recorded(World world) throws Exception {
    Map<String, Long> counts = new TreeMap<>();
    try (Connection connection = world.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT coalesce(reason, ''), sum(coalesce((detail ->> 'repeats')::bigint, 1)) FROM audit_event"
                    + " WHERE action = 'ACCESS_REFUSED' GROUP BY 1")) {
      while (row.next()) {
        counts.put(row.getString(1), row.getLong(2));
      }
    }
    return counts;
  }
}
