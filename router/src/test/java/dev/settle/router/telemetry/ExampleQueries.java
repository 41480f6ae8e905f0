package dev.settle.router.telemetry;

import java.util.List;
import java.util.stream.Stream;

/** The queries of {@code docs/operating/metrics.md}. */
public final class ExampleQueries {

  private ExampleQueries() {}

  public static List<String> all() {
    return Stream.of(MetricName.values()).map(metric -> MetricExample.of(metric).query()).toList();
  }
}
