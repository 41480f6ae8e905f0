package dev.settle.load.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a credit may cost: {@code load-tests/cost-limits.txt}.
 *
 * @param limits by the cost's name, in the order of the file
 */
record CostLimits(Map<String, Limit> limits) {

  /**
   * One cost.
   *
   * @param most that is allowed
   * @param measured what it was when the limit was set
   */
  record Limit(double most, String measured) {}

  static CostLimits read(Path file) throws IOException {
    return parse(Files.readAllLines(file));
  }

  /** Lines of a name, the limit and what was measured; {@code #} begins a comment. */
  static CostLimits parse(List<String> lines) {
    Map<String, Limit> limits = new LinkedHashMap<>();
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.trim().split("\\s+", 3);
      if (fields.length < 3) {
        throw new IllegalArgumentException("a name, a limit, what was measured: " + line);
      }
      limits.put(fields[0], new Limit(Double.parseDouble(fields[1]), fields[2]));
    }
    return new CostLimits(limits);
  }

  /** Those whose names begin so. */
  CostLimits of(String prefix) {
    Map<String, Limit> some = new LinkedHashMap<>(limits);
    some.keySet().removeIf(name -> !name.startsWith(prefix));
    return new CostLimits(some);
  }

  /**
   * What is over its limit, in words; empty when all is well. Costs and limits must be the same.
   */
  List<String> exceeded(Map<String, Double> costs) {
    if (!costs.keySet().equals(limits.keySet())) {
      throw new IllegalArgumentException(
          "measured " + new TreeSet<>(costs.keySet()) + ", limited " + limits.keySet());
    }
    List<String> exceeded = new ArrayList<>();
    limits.forEach(
        (name, limit) -> {
          double cost = costs.getOrDefault(name, Double.NaN);
          // Not a number is no good news either.
          if (!(cost <= limit.most())) {
            exceeded.add(
                String.format(
                    Locale.ROOT,
                    "%s is %.4g, the limit is %.4g; it was %s",
                    name,
                    cost,
                    limit.most(),
                    limit.measured()));
          }
        });
    return exceeded;
  }
}
